package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.AnomalyThreshold;
import io.github.dl4jae.anomaly.DetectionQuality;
import io.github.dl4jae.anomaly.LatentNeighborScore;
import io.github.dl4jae.anomaly.SquaredErrorScore;
import io.github.dl4jae.anomaly.StandardizedAverageScore;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.OneClassImages;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A detector of images of other classes than the one that an autoencoder was trained on. */
@Command(
        name = "anomaly-digits",
        description = "Trains an autoencoder on one digit and detects the others: threshold with a false-alarm rate,"
                + " heat maps, ROC; saves the detector.")
public final class AnomalyDigits extends ImageExample {

    private static final int BATCH = 100;
    private static final double HELD_OUT = 0.25;
    private static final int NEIGHBORS = 5;

    @Option(names = "--digit", paramLabel = "C", description = "The normal class. Default: ${DEFAULT-VALUE}.")
    private int digit = 4;

    @Option(
            names = "--alarm-rate",
            paramLabel = "A",
            description = "Accepted share of false alarms among normal images. Default: ${DEFAULT-VALUE}.")
    private double alarmRate = 0.02;

    @Option(
            names = "--anomalies",
            paramLabel = "S",
            description = "Share of anomalies among the images to test. Default: ${DEFAULT-VALUE}.")
    private double anomalies = 0.2;

    @Override
    protected void checkOptions() {
        if (digit < 0 || digit > 9) {
            throw new IllegalArgumentException("--digit must be in [0, 9], got " + digit);
        }
        if (!(alarmRate > 0 && alarmRate <= 0.5)) {
            throw new IllegalArgumentException("--alarm-rate must be in (0, 0.5], got " + alarmRate);
        }
        if (!(anomalies > 0 && anomalies < 0.9)) {
            throw new IllegalArgumentException("--anomalies must be in (0, 0.9), got " + anomalies);
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Train an autoencoder on images of one class. A quarter of them is held out, unseen by the training.
        OneClassImages images = OneClassImages.of(data, digit, HELD_OUT, options.seed());
        int epochs = options.epochs(60, 20);
        int steps = (images.train().size() + BATCH - 1) / BATCH;
        MultiLayerNetwork network = new UndercompleteAutoencoder.Builder(DataShape.pixels(PIXELS))
                .hidden(256, 64)
                .code(32)
                .loss(new LossL2(), Activation.SIGMOID)
                .updater(new FastAdam(new LinearSchedule(ScheduleType.ITERATION, 2e-3, 0, epochs * steps)))
                .seed(options.seed())
                .build()
                .network();
        Training.Result<MultiLayerNetwork> result = new Training(
                        options,
                        new ExampleData(images.train(), images.heldOut(), images.test(), images.train()),
                        out,
                        epochs,
                        BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast() // held-out images must not choose the network
                .run(network);

        // 2. Make a score of two: the error, and the distance of the code to those of training images.
        ModelBundle model = new ModelBundle.Builder(result.network())
                .codeLayer(ZooAutoencoder.CODE)
                .build();
        Autoencoder autoencoder = model.autoencoder();
        INDArray heldOut = images.heldOut().features();
        StandardizedAverageScore score = StandardizedAverageScore.fit(
                List.of(
                        SquaredErrorScore.of(autoencoder),
                        LatentNeighborScore.fitNormalized(
                                autoencoder, images.train().features(), NEIGHBORS)),
                heldOut);

        // 3. Make a detector of it, whose threshold comes from held-out images.
        int[] rows = images.testRows(anomalies, options.seed());
        INDArray test = images.test().features().getRows(rows);
        boolean[] isAnomaly = images.isAnomaly(rows);
        DetectionResults results = new DetectionResults(isAnomaly);
        AnomalyDetector detector = new AnomalyDetector.Builder()
                .falseAlarmRate(alarmRate)
                .prevalence(results.prevalence())
                .calibrate(score, heldOut, model);
        double[] scores = detector.score(test);

        // 4. Save it, and load it again.
        AnomalyDetector loaded = AnomalyDetector.load(detector.save(out.resolve("detector.zip")));
        double difference = DetectionResults.largestDifference(scores, loaded.score(test));

        AnomalyThreshold threshold = detector.threshold();
        DetectionQuality quality = DetectionQuality.compute(scores, isAnomaly);
        boolean[] alarms = loaded.label(test);
        Report report = new Report(
                        "Detection of images other than " + digit + " in " + options.source(),
                        "A dense autoencoder was trained on " + images.train().size() + " images of class " + digit
                                + ". The threshold comes from "
                                + images.heldOut().size()
                                + " held-out ones. The figures are for " + isAnomaly.length
                                + " test images: all of this class, and some of the others as anomalies.",
                        out)
                .formula(
                        "one-class",
                        "The score: the squared error e, and the mean distance d of the normalized code to the k = "
                                + NEIGHBORS + " nearest of training images, each with mean μ and standard deviation σ"
                                + " of held-out images.")
                .figure("area under ROC", quality.areaUnderRoc())
                .figure(
                        "average precision (" + Report.decimals(3, quality.prevalence()) + " for random scores)",
                        quality.averagePrecision())
                .figure("threshold of the score", threshold.value())
                .figure("accepted share of false alarms", threshold.alarmRate())
                .figure(
                        "interval of the true share, confidence " + threshold.confidence(),
                        Report.decimals(3, threshold.lowestRate()) + " to "
                                + Report.decimals(3, threshold.highestRate()))
                .figure("share of normal test images with an alarm", results.alarmShare(alarms, false))
                .figure("share of anomalies with an alarm", results.alarmShare(alarms, true))
                .figure("largest difference of the loaded detector's scores", Double.toString(difference));
        new DetectionPictures(loaded, autoencoder, test, results)
                .addTo(report, scores, loaded.probability(test), threshold.value());
        report.training("Squared error per image", result.curve(), "held-out images")
                .write();
    }
}
