package io.github.dl4jae.examples.tabular;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.TableInput;
import io.github.dl4jae.likelihood.LossMixed;
import io.github.dl4jae.plot.HistogramGrid;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.tabular.ColumnErrors;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.tabular.TableSplit;
import io.github.dl4jae.tabular.UnseenLevel;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.VariationalModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A variational autoencoder of a table with columns of several kinds: it fills gaps and generates rows. */
@Command(
        name = "table-vae",
        description = "A variational autoencoder of a table: imputation of missing values, and generated rows.")
public final class TableVae implements Callable<Integer> {

    private static final int HIDDEN = 128;
    private static final int BATCH = 64;
    private static final int ROUNDS = 5;
    private static final double HIDDEN_VALUES = 0.2;

    @Mixin
    private final TableInput table = new TableInput();

    @Option(
            names = "--classify",
            paramLabel = "COLUMN",
            description = "Column of categories to predict, to compare generated training rows with real ones.")
    private String classified;

    @Option(names = "--latents", paramLabel = "N", description = "Size of a code. Default: ${DEFAULT-VALUE}.")
    private int latents = 8;

    @Option(names = "--steps", paramLabel = "N", description = "Training steps. Default: ${DEFAULT-VALUE}.")
    private int steps = 6_000;

    @Option(names = "--rows", paramLabel = "N", description = "Generated rows. Default: ${DEFAULT-VALUE}.")
    private int rows = 1_000;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "table-vae");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        // 1. Read the table. The schema is fitted to the training rows, and stored beside the results.
        OutputDirectory.require(out);
        Path file = table.file(table.isGiven() ? null : SyntheticShops.write(2_000, out.resolve("shops.csv"), seed));
        TableSplit split =
                table.reader().unseenLevel(UnseenLevel.MOST_FREQUENT).build().split(file, table.trainFraction(), seed);
        TableSchema schema = split.schema();
        TableInput.print(schema);
        if (classified != null) {
            Usefulness.requireCategories(schema, classified);
        }
        schema.save(out.resolve("schema.json"));

        // 2. Train. The schema gives each column its likelihood; missing values have no term in it.
        LossMixed loss = schema.likelihood();
        MultiLayerNetwork network = network(schema.names().size(), loss);
        train(network, split.train());
        VariationalModel model = VariationalModel.of(network, "z");

        // 3. Hide a fifth of the test values, and compare what the model puts there with medians and frequent values.
        FeatureTable gaps = split.test().withHidden(HIDDEN_VALUES, seed);
        INDArray imputed = gaps.impute(model::reconstruct, ROUNDS);
        Report report = new Report(
                        "Table VAE of " + file.getFileName(),
                        "Errors of hidden test values, of numbers in the unit of their column (dates in days).",
                        out)
                .formula(
                        "mixed-elbo",
                        "Minimized: mᵢⱼ is 0 for missing values xᵢⱼ and else 1, pⱼ is the likelihood of"
                                + " column j, z the code. β rises from 0.05 to 1.");
        List<ColumnErrors> errors =
                ColumnErrors.compute(schema, split.test().features(), imputed, hidden(split.test(), gaps));
        report.table(
                "column of numbers",
                "mean absolute error of the model",
                "mean absolute error of the median",
                "hidden values");
        errors.stream().filter(ColumnErrors::isQuantity).forEach(column -> add(report, column));
        report.table(
                "column of categories",
                "fraction wrong by the model",
                "fraction wrong by the most frequent value",
                "hidden values");
        errors.stream().filter(column -> !column.isQuantity()).forEach(column -> add(report, column));

        // 4. Generate rows: a code from the prior, and a value of each column from its distribution.
        INDArray sampled = model.sample(model.samplePrior(rows, seed), seed);
        List<List<String>> generated = schema.decode(sampled);
        System.out.println("Generated rows: " + schema.write(sampled, out.resolve("generated.csv")));
        if (classified != null) {
            Usefulness useful = Usefulness.of(split, generated, classified, seed);
            report.figure("accuracy on real test rows, trained on real rows", useful.real())
                    .figure("accuracy on real test rows, trained on generated rows", useful.generated())
                    .figure("share of the most frequent class", useful.majority());
        }
        histograms(schema, split.train().decode(), generated)
                .ifPresent(grid ->
                        report.picture("columns", "Real training rows and generated rows, by column.", grid::draw));
        report.write();
        return 0;
    }

    private MultiLayerNetwork network(int features, LossMixed loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(features)
                        .nOut(HIDDEN)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(HIDDEN)
                        .nOut(latents)
                        .beta(new LinearSchedule(
                                ScheduleType.ITERATION, 0.05, 1, steps / 2)) // begins as an autoencoder
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(latents).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(HIDDEN)
                        .nOut(loss.outputs())
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Trains with random rows, in which it hides random input values, so that the network learns to fill gaps. */
    private void train(MultiLayerNetwork network, FeatureTable table) {
        try (MinibatchBar bar = new MinibatchBar("train", steps)) {
            TrainingData minibatches = TrainingData.perEpoch(
                    epoch -> new ExistingDataSetIterator(Stream.generate(new RandomGaps(table, seed + epoch))
                            .limit(steps)
                            .iterator()));
            new Trainer.Builder(network, minibatches)
                    .epochs(1)
                    .listener(bar)
                    .build()
                    .fit();
        }
    }

    /** Draws mini-batches of random rows with random gaps; the targets have none. */
    private static final class RandomGaps implements Supplier<DataSet> {
        private final FeatureTable table;
        private final Random random;

        RandomGaps(FeatureTable table, long seed) {
            this.table = table;
            this.random = new Random(seed);
        }

        @Override
        public DataSet get() {
            int all = (int) table.features().size(0);
            FeatureTable batch = table.rows(random.ints(BATCH, 0, all).toArray());
            FeatureTable gaps = batch.withHidden(HIDDEN_VALUES, random.nextLong());
            return new DataSet(
                    gaps.features(), batch.features(), null, batch.present().orElse(null));
        }
    }

    private static void add(Report report, ColumnErrors column) {
        report.row(
                column.column(),
                threeDigits(column.error()),
                threeDigits(column.typicalError()),
                Long.toString(column.cells()));
    }

    private static String threeDigits(double error) {
        return String.format(Locale.ROOT, "%.3g", error);
    }

    /** Returns 1 for values that are in the file but were hidden. */
    private static INDArray hidden(FeatureTable test, FeatureTable gaps) {
        INDArray seen = gaps.present().orElseThrow();
        return test.present().map(there -> there.sub(seen)).orElseGet(() -> seen.rsub(1));
    }

    /** Returns histograms of all columns but dates, or nothing if there is no other. */
    private static Optional<HistogramGrid> histograms(
            TableSchema schema, List<List<String>> real, List<List<String>> generated) {
        HistogramGrid grid = new HistogramGrid("real", "generated");
        boolean any = false;
        for (int j = 0; j < schema.columnNames().size(); j++) {
            String name = schema.columnNames().get(j);
            if (!schema.areQuantities().get(j)) {
                grid.categories(name, List.of(column(real, j), column(generated, j)));
                any = true;
                continue;
            }
            Optional<double[]> numbers = numbers(real, j);
            Optional<double[]> others = numbers(generated, j);
            if (numbers.isPresent() && others.isPresent()) {
                grid.numbers(name, numbers.get(), others.get());
                any = true;
            }
        }
        return any ? Optional.of(grid) : Optional.empty();
    }

    private static List<String> column(List<List<String>> table, int column) {
        return table.stream().map(row -> row.get(column)).toList();
    }

    /** Returns the numbers of a column, or nothing for dates. */
    private static Optional<double[]> numbers(List<List<String>> table, int column) {
        try {
            return Optional.of(table.stream()
                    .map(row -> row.get(column).replace(',', '.')) // decimal commas
                    .mapToDouble(Double::parseDouble)
                    .toArray());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
