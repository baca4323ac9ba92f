package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/**
 * Loads damaged bundles: each computes what the original did, or is refused by an {@code IllegalArgumentException}.
 *
 * <p>A program of its own, so that the heap can be small: {@code BundleFuzz FIRST COUNT} loads the mutants of the seeds
 * FIRST to FIRST + COUNT − 1 and prints {@code refused R, same S, other O}. It ends with an error if a mutant fails.
 */
final class BundleFuzz {

    private static final int SLOW_MILLIS = 10_000;

    private final Path file;
    private final List<Original> originals = new ArrayList<>();
    private int refused;
    private int same;
    private int other;

    private record Original(byte[] bytes, Map<String, byte[]> entries, boolean bundle, INDArray output) {}

    private BundleFuzz(Path directory) throws IOException {
        this.file = directory.resolve("mutant.zip");
        MultiLayerNetwork layers = BundledNetworks.layers();
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(BundledNetworks.data());
        add(new ModelBundle.Builder(layers)
                .schema(BundledNetworks.schema(directory))
                .codeLayer("code")
                .threshold("error", 2)
                .metric("loss", 0.5)
                .build()
                .save(file));
        add(new ModelBundle.Builder(BundledNetworks.graph())
                .normalizer(normalizer)
                .codeLayer("code")
                .output("other")
                .featureNames(List.of("a", "b", "c", "d", "e"))
                .build()
                .save(file));
        Files.delete(file);
        ModelSerializer.writeModel(layers, file.toFile(), true);
        add(file);
    }

    private void add(Path original) throws IOException {
        Map<String, byte[]> entries = ZipForge.entries(original);
        boolean bundle = entries.containsKey(Manifest.NAME);
        originals.add(new Original(Files.readAllBytes(original), entries, bundle, output(load(bundle))));
    }

    private ModelBundle load(boolean bundle) {
        return bundle ? ModelBundle.load(file) : ModelBundle.importModel(file);
    }

    private static INDArray output(ModelBundle bundle) {
        return bundle.network() instanceof MultiLayerNetwork network
                ? network.output(BundledNetworks.rows(9))
                : ((ComputationGraph) bundle.network()).output(BundledNetworks.rows(9))[1];
    }

    private void load(long seed) throws IOException {
        Original original = originals.get((int) (seed % originals.size()));
        BundleMutator.Mutant mutant = BundleMutator.mutate(original.bytes(), original.entries(), seed);
        Files.write(file, mutant.bytes());
        long start = System.currentTimeMillis();
        try {
            ModelBundle loaded = load(original.bundle());
            if (mutant.signed()) {
                other++;
            } else {
                assertThat(output(loaded)).isEqualTo(original.output());
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

    public static void main(String[] arguments) throws IOException {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        BundleFuzz fuzz = new BundleFuzz(Files.createTempDirectory("bundle-fuzz"));
        int failures = 0;
        for (long seed = first; seed < first + count; seed++) {
            try {
                fuzz.load(seed);
            } catch (AssertionError e) {
                failures++;
                e.printStackTrace(System.out);
            }
        }
        System.out.println(
                "refused " + fuzz.refused + ", same " + fuzz.same + ", other " + fuzz.other + ", failed " + failures);
        System.exit(failures > 0 ? 1 : 0);
    }
}
