package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.variational.VariationalModel;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes rows drawn from a variational autoencoder. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes new rows, drawn from a model of kind vae, in the units and the format of the table that"
                + " it was fitted to.")
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

    @Option(names = "--rows", paramLabel = "N", required = true, description = "Number of rows.")
    private long rows;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the rows. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write; - writes standard output. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("-");

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (rows < 1) {
            throw new ParameterException(spec.commandLine(), "--rows must be at least 1, got " + rows);
        }
        OutputFile file = new OutputFile(console, out);
        TableModel trained = TableModel.load(model);
        VariationalModel variational = variational(trained);
        TableSchema schema = trained.schema();
        file.write(schema.format().charset(), schema.format().delimiter(), csv -> {
            csv.writeRecord(schema.columnNames());
            for (long from = 0; from < rows; from += BATCH) {
                int count = (int) Math.min(BATCH, rows - from);
                long own = seed + from * GOLDEN_RATIO;
                schema.decode(variational.sample(variational.samplePrior(count, own), own))
                        .forEach(csv::writeRecord);
            }
        });
        return 0;
    }

    private VariationalModel variational(TableModel trained) {
        try {
            return VariationalModel.of(trained.bundle().multiLayerNetwork(), ZooAutoencoder.CODE);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    model + " must be a model of kind vae, got another; fit one with --kind vae: " + e.getMessage(), e);
        }
    }
}
