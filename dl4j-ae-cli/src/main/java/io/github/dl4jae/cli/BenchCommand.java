package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how many rows per second are read, trained with and scored. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Measures how many rows per second this machine trains each kind with, and passes through it, in"
                + " turn. The line 'stock' is the undercomplete autoencoder of layers of Deeplearning4j itself.")
final class BenchCommand implements Callable<Integer> {

    private static final String STOCK = "stock";
    private static final int SCORED = 1024;
    private static final int SEED = 42;
    private static final int FEATURES = 20;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--csv", paramLabel = "FILE", description = "A table. Default: standard normal numbers.")
    private @Nullable Path csv;

    @Option(names = "--columns", paramLabel = "N", description = "Columns of numbers. Default: " + FEATURES + ".")
    private @Nullable Integer columns;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds to measure, of ${COMPLETION-CANDIDATES}. Default: all.")
    private Kind[] kinds = Kind.values();

    @Option(names = "--batch", paramLabel = "N", description = "Rows of a training step. Default: ${DEFAULT-VALUE}.")
    private int batch = 64;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds of each measurement, after half as long a warm-up. Default: ${DEFAULT-VALUE}.")
    private double seconds = 1;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Mixin
    private final TableOptions table = new TableOptions();

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        check();
        Rows rows = csv == null ? numbers(columns == null ? FEATURES : columns) : rows(csv);
        Map<String, MultiLayerNetwork> networks = networks(rows.shape());
        double[] trained = Throughput.measure(seconds, works(networks, network -> network.fit(rows.trained())));
        double[] scored = Throughput.measure(seconds, works(networks, network -> network.output(rows.scored())));
        Map<String, Figures> figures = new LinkedHashMap<>();
        networks.forEach((name, network) -> {
            int i = figures.size();
            figures.put(
                    name,
                    new Figures(
                            network.numParams(),
                            Math.round(trained[i] * rows.trained().numExamples()),
                            Math.round(scored[i] * rows.scored().size(0))));
        });
        if (json) {
            printJson(rows.readPerSecond(), figures);
        } else {
            printText(rows.readPerSecond(), figures);
        }
        return 0;
    }

    /** What is measured of a network: its size, and rows per second. */
    private record Figures(long parameters, long trained, long scored) {}

    private void printJson(long readPerSecond, Map<String, Figures> figures) throws IOException {
        Summary summary = new Summary();
        if (csv != null) {
            summary.add("read rows/s", readPerSecond);
        }
        figures.forEach((name, of) -> summary.add(
                name,
                Map.of("parameters", of.parameters(), "trained rows/s", of.trained(), "scored rows/s", of.scored())));
        summary.print(console.text(), true);
    }

    private void printText(long readPerSecond, Map<String, Figures> figures) {
        PrintWriter text = console.text();
        if (csv != null) {
            text.printf(Locale.ROOT, "read rows/s: %,d%n", readPerSecond);
        }
        text.printf("%-14s%12s%16s%16s%n", "", "parameters", "trained rows/s", "scored rows/s");
        figures.forEach((name, of) ->
                text.printf(Locale.ROOT, "%-14s%,12d%,16d%,16d%n", name, of.parameters(), of.trained(), of.scored()));
        text.flush();
    }

    private void check() {
        Usage.require(spec, columns == null || csv == null, "--columns must be left out with --csv, got both");
        Usage.require(spec, columns == null || columns >= 1, "--columns must be at least 1, got " + columns);
        Usage.require(spec, batch >= 1, "--batch must be at least 1, got " + batch);
        Usage.require(spec, seconds > 0, "--seconds must be above 0, got " + seconds);
        Usage.require(spec, csv == null || !csv.toString().equals("-"), "--csv must be a file for bench, got -");
    }

    /** The shape of rows, a mini-batch to train with, rows to score, and how fast a file of them was read. */
    private record Rows(DataShape shape, DataSet trained, INDArray scored, long readPerSecond) {}

    private Rows numbers(int width) {
        INDArray scored = Nd4j.randn(DataType.FLOAT, SCORED, width);
        INDArray trained = Nd4j.randn(DataType.FLOAT, batch, width);
        return new Rows(DataShape.features(width), new DataSet(trained, trained), scored, 0);
    }

    private Rows rows(Path file) {
        long start = System.nanoTime();
        FeatureTable all = table.reader().build().read(file);
        double elapsed = 1e-9 * (System.nanoTime() - start);
        return new Rows(
                DataShape.columns(all.schema().likelihood()),
                first(all, batch).toDataSet(),
                first(all, SCORED).features(),
                Math.round(RowsOptions.count(all) / elapsed));
    }

    /** Returns the first rows; all, if there are fewer. */
    private static FeatureTable first(FeatureTable all, int count) {
        return all.rows(
                IntStream.range(0, Math.min(count, RowsOptions.count(all))).toArray());
    }

    private Map<String, MultiLayerNetwork> networks(DataShape shape) {
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();
        for (Kind kind : kinds) {
            MultiLayerNetwork network = kind.autoencoder(shape, new Kind.Settings() {
                        @Override
                        public <B extends ZooAutoencoder.Builder<B>> B applyTo(B builder) {
                            return builder.seed(SEED);
                        }
                    })
                    .network();
            if (kind == Kind.UNDERCOMPLETE) {
                networks.put(STOCK, stock(network));
            }
            networks.put(kind.toString(), network);
        }
        return networks;
    }

    /** Returns the same network, of stock layers. */
    private static MultiLayerNetwork stock(MultiLayerNetwork network) {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new Adam())
                .list();
        for (NeuralNetConfiguration configuration :
                network.getLayerWiseConfigurations().getConfs()) {
            FeedForwardLayer layer = (FeedForwardLayer) configuration.getLayer();
            layers.layer(
                    layer instanceof BaseOutputLayer output
                            ? sized(new OutputLayer.Builder(output.getLossFn()), layer)
                                    .build()
                            : sized(new DenseLayer.Builder(), layer).build());
        }
        MultiLayerNetwork stock = new MultiLayerNetwork(layers.build());
        stock.init();
        return stock;
    }

    private static <B extends FeedForwardLayer.Builder<B>> B sized(B builder, FeedForwardLayer layer) {
        return builder.nIn(layer.getNIn()).nOut(layer.getNOut()).activation(layer.getActivationFn());
    }

    private interface Work {
        void with(MultiLayerNetwork network);
    }

    private static Runnable[] works(Map<String, MultiLayerNetwork> networks, Work work) {
        return networks.values().stream()
                .<Runnable>map(network -> () -> work.with(network))
                .toArray(Runnable[]::new);
    }
}
