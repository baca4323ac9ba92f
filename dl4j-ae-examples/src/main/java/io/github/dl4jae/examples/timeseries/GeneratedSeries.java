package io.github.dl4jae.examples.timeseries;

import io.github.dl4jae.examples.support.CheckpointFile;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.timeseries.DiscriminativeScore;
import io.github.dl4jae.timeseries.PredictiveScore;
import io.github.dl4jae.timeseries.TimeVae;
import io.github.dl4jae.timeseries.TimeVaeModel;
import io.github.dl4jae.timeseries.TimeVaeResult;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** TimeVAE: generates series, takes them apart, fills gaps and forecasts. */
@Command(
        name = "timevae",
        description = "A variational autoencoder of time series: generation, parts, imputation and forecasts.")
public final class GeneratedSeries implements Callable<Integer> {

    private static final int BATCH = 16;
    private static final double MISSING = 0.3;
    private static final int EVALUATED = 200; // test series for forecasts and imputations
    private static final int SHOWN = 6;

    @Option(
            names = "--series",
            paramLabel = "NAME",
            description = "energy, air, stock, sine (synthetic), or an NPZ file. Default: ${DEFAULT-VALUE}.")
    private String series = "sine";

    @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs. Default: ${DEFAULT-VALUE}.")
    private int epochs = 30;

    @Option(names = "--trend", paramLabel = "N", description = "Degree of the trend. Default: ${DEFAULT-VALUE}.")
    private int trend = 2;

    @Option(
            names = "--season",
            arity = "2",
            paramLabel = "N",
            description = "Number of values of a season, and of steps that each lasts. Default: no season.")
    private int[] season = {};

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Networks per score, with different seeds. Default: ${DEFAULT-VALUE}.")
    private int repetitions = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "timevae");

    @Option(names = "--resume", description = "Continue the run whose checkpoint is in the output directory.")
    private boolean resume;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        OutputDirectory.require(out);
        SeriesSource source = SeriesSource.load(series, seed);
        INDArray real = source.train();

        // 1. Train.
        TimeVaeResult result = train(real);
        TimeVaeModel model = result.model();
        model.save(out.resolve("model.zip"));

        // 2. Generate as many series, and score them.
        INDArray generated = model.generate(Math.toIntExact(real.size(0)), seed);
        Report report = new Report(
                        "TimeVAE on " + series,
                        real.size(0) + " series of " + real.size(2) + " steps of " + real.size(1) + " features. The"
                                + " discriminative score is 0 if a classifier cannot tell generated series from real"
                                + " ones, and 0.5 if it always can. The predictive score is the error, in units of the"
                                + " range of a feature, of a network that is trained on generated series to predict"
                                + " real ones one step ahead.",
                        out)
                .formula("elbo", "Maximized; x are the series, z their codes.")
                .figure("discriminative score", score(real, generated))
                .figure("predictive score", predictive(real, generated))
                .figure("predictive score of the real series", predictive(real, real))
                .trainingTime(result.training().seconds());

        // 3. Forecast the last third of test series, and fill gaps in them.
        INDArray test = SeriesSource.rows(
                source.test(), 0, Math.min(EVALUATED, source.test().size(0)));
        INDArray forecast = addForecasts(report, model, test);
        addImputations(report, model, test);

        // 4. Draw.
        INDArray scaledReal = model.scaler().scale(real);
        INDArray scaledGenerated = model.scaler().scale(generated);
        report.picture("real", "Real series.", () -> SeriesPictures.curves("Real series", real, 0, SHOWN))
                .picture(
                        "generated",
                        "Generated series.",
                        () -> SeriesPictures.curves("Generated series", generated, 0, SHOWN))
                .picture(
                        "parts",
                        "A test series, its reconstruction, and the parts whose sum that is.",
                        () -> SeriesPictures.parts(test, model.parts(test), 0))
                .picture(
                        "forecast",
                        "The last third of a test series from its beginning.",
                        () -> SeriesPictures.forecast(test, forecast, 0))
                .picture(
                        "pca",
                        "Real series (0) and generated ones (1) in the plane of the principal components of the real.",
                        () -> SeriesPictures.pca(scaledReal, scaledGenerated))
                .picture(
                        "umap",
                        "Real series (0) and generated ones (1), embedded together by UMAP.",
                        () -> SeriesPictures.umap(scaledReal, scaledGenerated, seed))
                .write();
        return 0;
    }

    private TimeVaeResult train(INDArray real) {
        TimeVae.Builder vae = new TimeVae.Builder()
                .trend(trend)
                .batch(BATCH)
                .epochs(epochs)
                .seed(seed)
                .checkpoint(CheckpointFile.of(out, resume));
        if (season.length > 0) {
            vae.season(season[0], season[1]);
        }
        try (MinibatchBar bar = new MinibatchBar("train", epochs * ((real.size(0) + BATCH - 1) / BATCH))) {
            return vae.listener(bar).build().fit(real);
        }
    }

    private double score(INDArray real, INDArray generated) {
        return new DiscriminativeScore.Builder()
                .repetitions(repetitions)
                .seed(seed)
                .compute(real, generated)
                .score();
    }

    private double predictive(INDArray real, INDArray generated) {
        return new PredictiveScore.Builder()
                .repetitions(repetitions)
                .seed(seed)
                .compute(real, generated)
                .score();
    }

    /** Returns the mean absolute error in units of the range of a feature. */
    private static double error(TimeVaeModel model, INDArray found, INDArray wanted) {
        return Transforms.abs(model.scaler().scale(found).subi(model.scaler().scale(wanted)))
                .meanNumber()
                .doubleValue();
    }

    private static INDArray addForecasts(Report report, TimeVaeModel model, INDArray test) {
        int known = 2 * model.steps() / 3;
        INDArray rest = SeriesSource.steps(test, known, model.steps());
        INDArray forecast = model.forecast(SeriesSource.steps(test, 0, known));
        INDArray last = SeriesSource.steps(test, known - 1, known).broadcast(rest.shape());
        report.figure("forecast error, TimeVAE", error(model, forecast, rest))
                .figure("forecast error, last value", error(model, last, rest));
        return forecast;
    }

    private void addImputations(Report report, TimeVaeModel model, INDArray test) {
        INDArray present = Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(seed), test.shape())
                .gt(MISSING)
                .castTo(DataType.DOUBLE);
        double missing = 1 - present.meanNumber().doubleValue();
        INDArray means = test.mean(true, 2).broadcast(test.shape());
        INDArray byMeans = test.mul(present).add(means.mul(present.rsub(1)));
        // values that are present have no error
        report.figure("imputation error, TimeVAE", error(model, model.impute(test, present), test) / missing)
                .figure("imputation error, mean of the series", error(model, byMeans, test) / missing);
    }
}
