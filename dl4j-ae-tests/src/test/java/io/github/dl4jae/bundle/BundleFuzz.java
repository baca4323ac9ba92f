package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Loads damaged bundles, and damaged {@code ModelSerializer} files with a model of every layer of this library. Each
 * computes what the original did, or is refused by an {@code IllegalArgumentException}.
 *
 * <p>A program of its own, so that the heap can be small: {@code BundleFuzz FIRST COUNT} loads the mutants of the seeds
 * FIRST to FIRST + COUNT − 1 and prints {@code refused R, same S, other O}. It ends with an error if a mutant fails.
 */
final class BundleFuzz {

    private static final int SLOW_MILLIS = 10_000;

    private final Path file;
    private final List<Original> bundles = new ArrayList<>();
    private final List<Original> models = new ArrayList<>();
    private int refused;
    private int same;
    private int other;

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Original(byte[] bytes, Map<String, byte[]> entries, boolean bundle, INDArray x, INDArray output) {}

    private BundleFuzz(Path directory) throws IOException, URISyntaxException {
        this.file = directory.resolve("mutant.zip");
        MultiLayerNetwork layers = BundledNetworks.layers();
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(BundledNetworks.data());
        new ModelBundle.Builder(layers)
                .schema(BundledNetworks.schema(directory))
                .codeLayer("code")
                .threshold("error", 2)
                .metric("loss", 0.5)
                .build()
                .save(file);
        add();
        new ModelBundle.Builder(BundledNetworks.graph())
                .normalizer(normalizer)
                .codeLayer("code")
                .output("other")
                .imageShape(new ImageShape(1, 5, 1))
                .featureNames(List.of("a", "b", "c", "d", "e"))
                .build()
                .save(file);
        add();
        Files.delete(file);
        ModelSerializer.writeModel(layers, file.toFile(), true);
        add();
        for (Path saved : ImportedModelsTest.files().toList()) {
            Map<String, byte[]> entries = ZipForge.entries(saved);
            INDArray x = Nd4j.read(new ByteArrayInputStream(entries.get("x.bin")));
            entries.keySet().removeAll(ImportedModelsTest.DATA);
            Files.write(file, ZipForge.of(entries).bytes());
            models.add(original(x));
        }
    }

    private void add() throws IOException {
        bundles.add(original(BundledNetworks.rows(9)));
    }

    private Original original(INDArray x) throws IOException {
        Map<String, byte[]> entries = ZipForge.entries(file);
        boolean bundle = entries.containsKey(Manifest.NAME);
        return new Original(Files.readAllBytes(file), entries, bundle, x, output(load(bundle), x));
    }

    private ModelBundle load(boolean bundle) {
        return bundle ? ModelBundle.load(file) : ModelBundle.importModel(file);
    }

    private static INDArray output(ModelBundle bundle, INDArray x) {
        Nd4j.getRandom().setSeed(1);
        if (bundle.network() instanceof MultiLayerNetwork network) {
            return network.output(x);
        }
        INDArray[] outputs = ((ComputationGraph) bundle.network()).output(x);
        return outputs[outputs.length - 1];
    }

    private void load(long seed) throws IOException {
        List<Original> originals = seed % 2 == 0 ? bundles : models;
        Original original = originals.get((int) (seed / 2 % originals.size()));
        BundleMutator.Mutant mutant = BundleMutator.mutate(original.bytes(), original.entries(), seed);
        Files.write(file, mutant.bytes());
        long start = System.currentTimeMillis();
        try {
            ModelBundle loaded = load(original.bundle());
            if (mutant.signed()) {
                other++;
            } else {
                assertThat(output(loaded, original.x())).isEqualTo(original.output());
                same++;
            }
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("ModelBundle ").isExactlyInstanceOf(IllegalArgumentException.class);
            refused++;
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + mutant.steps(), e);
        }
        assertThat(System.currentTimeMillis() - start)
                .as("seed " + seed + ": " + mutant.steps())
                .isLessThan(SLOW_MILLIS);
    }

    public static void main(String[] arguments) throws IOException, URISyntaxException {
        BundleFuzz fuzz = new BundleFuzz(Files.createTempDirectory("bundle-fuzz"));
        int failures = FuzzRun.checkAll(arguments, fuzz::load);
        System.out.println(
                "refused " + fuzz.refused + ", same " + fuzz.same + ", other " + fuzz.other + ", failed " + failures);
        System.exit(failures > 0 ? 1 : 0);
    }
}
