package io.github.dl4jae.cli;

import io.github.dl4jae.cli.ExampleOutput.Part;
import io.github.dl4jae.variational.VariationalModel;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes rows or images of a variational autoencoder, for codes that are drawn from the prior. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Writes new rows or images from a model of kind vae: rows in the units and the format of the table"
                        + " that it was fitted to.")
final class GenerateCommand implements Callable<Integer> {

    private static final int BATCH = 1000;
    /** Keeps the seeds of batches apart from those of other commands. */
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model of kind vae.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @Option(names = "--rows", paramLabel = "N", required = true, description = "Number of rows or images.")
    private long rows;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the rows or images. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write; - writes standard output. For images: a directory for PNG files, or an IDX"
                    + " file (*ubyte or *.idx, also with .gz). Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("-");

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Usage.require(spec, rows >= 1, "--rows must be at least 1, got " + rows);
        TrainedModel trained = TrainedModel.load(model);
        VariationalModel variational = variational(trained);
        ExampleOutput output = trained.output(console, out);
        output.write(rows, examples(trained, variational));
        new Summary()
                .add(trained.unit() + "s", rows)
                .add("seed", seed)
                .print(output.isStandardOutput() ? console.errors() : console.text(), json);
        return 0;
    }

    private VariationalModel variational(TrainedModel trained) {
        try {
            return VariationalModel.of(trained.bundle().multiLayerNetwork(), ZooAutoencoder.CODE);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    model + " must be a model of kind vae, got another; fit one with --kind vae: " + e.getMessage(), e);
        }
    }

    private Iterator<Part> examples(TrainedModel trained, VariationalModel variational) {
        return new Iterator<>() {
            private long from;

            @Override
            public boolean hasNext() {
                return from < rows;
            }

            @Override
            public Part next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int count = (int) Math.min(trained.batch(BATCH), rows - from);
                long own = seed + from * GOLDEN_RATIO;
                from += count;
                INDArray codes = variational.samplePrior(count, own);
                return new Part(trained.generate(variational, codes, own), List.of());
            }
        };
    }
}
