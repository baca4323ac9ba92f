package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.anomaly.SeriesQuality;
import io.github.dl4jae.anomaly.SeriesScore;
import io.github.dl4jae.anomaly.SeriesScores;
import io.github.dl4jae.anomaly.SeriesSplit;
import io.github.dl4jae.anomaly.SeriesWindows;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.SyntheticSensors;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds faults of the sensors of a simulated plant, by a convolutional and a recurrent autoencoder of windows. */
@Command(
        name = "anomaly-sensors",
        description = "Convolutional and LSTM autoencoders that find faults of sensors, compared with PCA.")
public final class AnomalySensors implements Callable<Integer> {

    private static final int STEPS = 10_000;
    private static final int FAULTS = 16;
    private static final int WINDOW = 48; // half a day
    private static final int STRIDE = 2;
    private static final int BUFFER = WINDOW;

    /** The share of normal steps below the threshold. */
    private static final double NORMAL = 0.999;

    @Option(names = "--epochs", paramLabel = "N", description = "Maximum epochs. Default: ${DEFAULT-VALUE}.")
    private int epochs = 25;

    @Option(
            names = "--combination",
            paramLabel = "KIND",
            description = "How channels make a score: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SeriesScore.Combination combination = SeriesScore.Combination.MEAN;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "anomaly-sensors");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        OutputDirectory.require(out);

        // 1. Split the series in time, before windows are made. Faults are in the test part alone.
        SyntheticSensors sensors = SyntheticSensors.generate(STEPS, 6 * STEPS / 10, FAULTS, seed);
        SeriesSplit parts = SeriesSplit.of(sensors.values(), 0.4, 0.1, 0.1);
        SeriesWindows windows = SeriesWindows.fit(parts.train(), WINDOW, STRIDE);
        INDArray train = windows.of(parts.train());
        INDArray validation = windows.of(parts.validation());

        // 2. Train two networks, and fit PCA to windows and to single steps.
        int channels = windows.channels();
        Autoencoder convolutional = WindowNetworks.train(
                "convolutional",
                WindowNetworks.convolutional(channels, WINDOW, 3, seed),
                train,
                validation,
                epochs,
                seed);
        Autoencoder recurrent = WindowNetworks.train(
                "LSTM", WindowNetworks.recurrent(channels, WINDOW, 16, seed), train, validation, epochs, seed);
        INDArray rows = train.reshape(train.size(0), (long) channels * WINDOW);
        Map<String, SeriesScore.Builder> methods = new LinkedHashMap<>();
        methods.put("convolutional", new SeriesScore.Builder(convolutional, windows));
        methods.put("LSTM", new SeriesScore.Builder(recurrent, windows));
        methods.put("PCA of windows", new SeriesScore.Builder(PcaAutoencoder.fit(rows, 16), windows).flat(true));
        methods.put("z-score of channels", new SeriesScore.Builder(new MeanReconstruction(), windows));

        // 3. Compare their scores with the known faults.
        Report report = new Report(
                        "Faults of sensors",
                        "A simulated plant with " + channels + " sensors, a value every 15 minutes, and " + FAULTS
                                + " faults in the test part. The threshold is the " + 100 * NORMAL
                                + " % quantile of the score in a part without faults.",
                        out)
                .formula(
                        "series-score",
                        "Score of time t: the squared residuals of channel c, averaged over the windows w that"
                                + " cover t, relative to their mean in a held-out part, and averaged over C channels.")
                .table("method", "AUC-PR", "VUS-PR", "AUC-ROC", "VUS-ROC", "faults found", "false events");
        ShiftReport shift = null;
        for (Map.Entry<String, SeriesScore.Builder> method : methods.entrySet()) {
            SeriesScore score = method.getValue().combination(combination).fit(parts.calibration());
            double threshold = score.score(parts.calibration()).quantile(NORMAL);
            SeriesScores scores = score.score(parts.test());
            ShiftReport found = ShiftReport.of(sensors, parts.testFrom(), scores, threshold);
            SeriesQuality quality = SeriesQuality.compute(found.labels(), scores.perStep(), BUFFER);
            report.row(
                    method.getKey(),
                    Report.decimals(3, quality.averagePrecision()),
                    Report.decimals(3, quality.vusPr()),
                    Report.decimals(3, quality.rocAuc()),
                    Report.decimals(3, quality.vusRoc()),
                    Long.toString(found.detected()),
                    Long.toString(found.falseEvents()));
            shift = shift == null ? found : shift;
        }

        // 4. List the events of the convolutional autoencoder as a shift needs them.
        shift.addTo(report);
        report.write();
        return 0;
    }

    /** Reconstructs every value by the mean of its channel, so that the residual is the z-score. */
    private static final class MeanReconstruction implements Autoencoder {

        @Override
        public INDArray encode(INDArray examples) {
            throw new UnsupportedOperationException("the mean needs no code");
        }

        @Override
        public INDArray decode(INDArray codes) {
            throw new UnsupportedOperationException("the mean needs no code");
        }

        @Override
        public INDArray reconstruct(INDArray examples) {
            return examples.ulike().assign(0);
        }
    }
}
