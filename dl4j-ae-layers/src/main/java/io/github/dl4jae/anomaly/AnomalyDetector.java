package io.github.dl4jae.anomaly;

import io.github.dl4jae.anomaly.AnomalyThreshold.Method;
import io.github.dl4jae.bundle.LoadOptions;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Detects anomalies: a score, a threshold with a stated false-alarm rate, and explanations.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder().build().read(Path.of("machines.csv"));
 * AnomalyDetector detector = AnomalyDetector.fit(table);
 * boolean[] alarms = detector.label(detector.schema().read(Path.of("today.csv")));
 * }</pre>
 *
 * <p>{@link #fit} chooses everything from the number of rows and columns. For images, series or a network of your own,
 * {@link Builder#calibrate} takes a fitted {@link AnomalyScore}.
 *
 * <p><b>Decisions.</b> An example is an anomaly if its score is above the {@linkplain #threshold threshold}. The
 * threshold comes from examples that were held out from training, because training examples score lower than new ones.
 * The probability uses the largest evidence against normality that the tail probability p of a score can give (Sellke,
 * Bayarri and Berger 2001), and the share π of anomalies that is expected:
 *
 * <pre>
 * p = P(S ≥ s | normal)        P(anomaly) = π/(π + (1 − π)·(−e·p·ln p))  for p &lt; 1/e, else π
 * </pre>
 *
 * <p><b>Rows one by one.</b> Scores, labels and explanations of the detector of a table, and of scores of residuals and
 * codes, are the same bit for bit alone and among others. Those of variational autoencoders and of Deep SVDD are the
 * same up to rounding.
 *
 * <p><b>Missing values</b> are replaced by the reconstruction of the first autoencoder, so they do not make a row
 * unusual.
 *
 * <p>When not to use it: with labels for many anomalies of each kind a classifier is better. On tables, isolation
 * forests and nearest neighbors are strong competitors; the documentation compares them.
 *
 * <p>Immutable. Threads can share it as far as they can share an {@link io.github.dl4jae.Autoencoder}.
 *
 * @see <a href="https://doi.org/10.1198/000313001300339950">Sellke, Bayarri and Berger 2001, Calibration of p values for
 *     testing precise null hypotheses</a>
 */
// longer than 300 lines: most of them document the ways to score and the options
public final class AnomalyDetector {

    static final String NAME = "AnomalyDetector";

    private final DetectorParts parts;

    AnomalyDetector(DetectorParts parts) {
        this.parts = parts;
    }

    /**
     * Fits a detector to the rows of a table, with the defaults of {@link Builder}.
     *
     * @param rows normal rows; a small share of anomalies does no harm
     * @return the detector
     * @throws IllegalArgumentException if there are too few rows
     */
    public static AnomalyDetector fit(FeatureTable rows) {
        return new Builder().fit(rows);
    }

    /**
     * Reads a detector.
     *
     * @param file a result of {@link #save}
     * @return a detector with the same scores, threshold and explanations
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static AnomalyDetector load(Path file) {
        return of(ModelBundle.load(file));
    }

    /**
     * Reads a detector.
     *
     * @param file a result of {@link #save}
     * @param options limits, and further classes of networks
     * @return a detector with the same scores, threshold and explanations
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static AnomalyDetector load(Path file, LoadOptions options) {
        return of(ModelBundle.load(file, options));
    }

    /**
     * Returns the detector in a bundle.
     *
     * @param bundle a result of {@link #toBundle}
     * @return the detector
     * @throws IllegalArgumentException if the bundle has none, or a damaged one
     */
    public static AnomalyDetector of(ModelBundle bundle) {
        Require.given(NAME, "bundle", bundle, "");
        return new AnomalyDetector(DetectorFile.read(bundle));
    }

    /**
     * Returns whether a bundle has a detector.
     *
     * @param bundle any bundle
     * @return whether {@link #of} reads it
     */
    public static boolean isIn(ModelBundle bundle) {
        return DetectorFile.isIn(Require.given(NAME, "bundle", bundle, ""));
    }

    /**
     * Writes the detector as a bundle: networks, schema, measurements, threshold. An existing file is replaced once the
     * new one is complete.
     *
     * @param file the file to write
     * @return the file
     * @throws IllegalArgumentException as for {@link #toBundle}
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        return toBundle().save(file);
    }

    /**
     * Returns the bundle that {@link #save} writes, to add metrics or to store it elsewhere.
     *
     * @return a bundle of the first network, with everything else as attachments
     * @throws IllegalArgumentException if a score is not of this library, or the networks were not given to {@link
     *     Builder#calibrate}
     */
    public ModelBundle toBundle() {
        return DetectorFile.write(parts);
    }

    /**
     * Returns the name of the score that decides.
     *
     * @return such as "mean squared error"
     */
    public String scoreName() {
        return parts.score().name();
    }

    /**
     * Returns the threshold and its rate of false alarms.
     *
     * @return the threshold
     */
    public AnomalyThreshold threshold() {
        return parts.threshold();
    }

    /**
     * Returns the schema that reads the rows of a table.
     *
     * @return the schema
     * @throws IllegalStateException if the detector is not one of a table
     */
    public TableSchema schema() {
        return parts.requireSchema();
    }

    /**
     * Scores rows.
     *
     * @param rows N rows that {@link #schema} read
     * @return N scores, in the order of the rows
     * @throws IllegalArgumentException if they have other columns
     */
    public double[] score(FeatureTable rows) {
        return parts.score().score(parts.prepare(rows));
    }

    /**
     * Scores examples.
     *
     * @param examples x, {@code [N, …]}
     * @return N scores
     * @throws IllegalArgumentException if the shape is not that of the training examples
     */
    public double[] score(INDArray examples) {
        return parts.score().score(parts.prepare(examples));
    }

    /**
     * Decides on rows.
     *
     * @param rows N rows that {@link #schema} read
     * @return whether each row is an anomaly
     * @throws IllegalArgumentException if they have other columns
     */
    public boolean[] label(FeatureTable rows) {
        return label(score(rows));
    }

    /**
     * Decides on examples.
     *
     * @param examples x, {@code [N, …]}
     * @return whether each example is an anomaly
     * @throws IllegalArgumentException if the shape is not that of the training examples
     */
    public boolean[] label(INDArray examples) {
        return label(score(examples));
    }

    private boolean[] label(double[] scores) {
        boolean[] labels = new boolean[scores.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = scores[i] > threshold().value();
        }
        return labels;
    }

    /**
     * Returns the probabilities that rows are anomalies.
     *
     * @param rows N rows that {@link #schema} read
     * @return N probabilities
     * @throws IllegalArgumentException if they have other columns
     */
    public double[] probability(FeatureTable rows) {
        return Arrays.stream(score(rows)).map(parts::probability).toArray();
    }

    /**
     * Returns the probabilities that examples are anomalies.
     *
     * @param examples x, {@code [N, …]}
     * @return N probabilities, growing with the score
     * @throws IllegalArgumentException if the shape is not that of the training examples
     */
    public double[] probability(INDArray examples) {
        return Arrays.stream(score(examples)).map(parts::probability).toArray();
    }

    /**
     * Explains the scores of rows by their columns.
     *
     * @param rows N rows that {@link #schema} read
     * @return N explanations
     * @throws IllegalArgumentException if they have other columns
     */
    public List<Explanation> explain(FeatureTable rows) {
        return parts.explain(rows);
    }

    /**
     * Computes which values make examples unusual, such as the heat map of an image.
     *
     * @param examples x, {@code [N, …]}
     * @return a float32 array in the shape of the examples, larger for the values that make them unusual
     * @throws IllegalArgumentException if the shape is not that of the training examples
     */
    public INDArray attribution(INDArray examples) {
        return parts.score().attribution(parts.prepare(examples));
    }

    /**
     * Compares the distribution of new rows with that of the training rows, column by column. A detector is only valid
     * for rows like those it was fitted to.
     *
     * @param rows new rows, normal or not, that {@link #schema} read; hundreds or more
     * @return the drift of each column, the largest first
     * @throws IllegalArgumentException if they have other columns
     * @throws IllegalStateException if the detector is not one of a table
     */
    public List<ColumnDrift> drift(FeatureTable rows) {
        return parts.requireReference().compare(rows);
    }

    @Override
    public String toString() {
        return NAME + "(" + parts.score().name() + ", " + threshold() + ")";
    }

    /** Fits an {@link AnomalyDetector}. Every option has a default. */
    public static final class Builder {
        private double rate = 0.01;
        private double confidence = AnomalyThreshold.CONFIDENCE;
        private Method method = Method.AUTOMATIC;
        private double prevalence = 0.01;
        private int members = TableDetectorFit.MEMBERS;
        private int epochs;
        private long seed = 42;
        private @Nullable ProgressListener listener;

        /** Creates a builder with the defaults. */
        public Builder() {}

        /**
         * Sets the share of normal examples that may be above the threshold. Default: 0.01.
         *
         * @param rate α, in (0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder falseAlarmRate(double rate) {
            this.rate = AnomalyThreshold.requireInside("falseAlarmRate", rate);
            return this;
        }

        /**
         * Sets the share of anomalies among the training rows. The threshold is then exceeded by this share of the
         * held-out rows, and {@link #prevalence} is the same share. It replaces {@link #falseAlarmRate}.
         *
         * @param share in (0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder contamination(double share) {
            this.rate = AnomalyThreshold.requireInside("contamination", share);
            this.prevalence = share;
            return this;
        }

        /**
         * Sets the share of anomalies that is expected among new examples, for {@link AnomalyDetector#probability}.
         * Default: 0.01.
         *
         * @param share π, in (0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder prevalence(double share) {
            this.prevalence = AnomalyThreshold.requireInside("prevalence", share);
            return this;
        }

        /**
         * Sets the probability that the interval of the threshold contains the true rate. Default: 0.99.
         *
         * @param probability in (0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder confidence(double probability) {
            this.confidence = AnomalyThreshold.requireInside("confidence", probability);
            return this;
        }

        /**
         * Sets how the threshold is found. Default: {@link Method#AUTOMATIC}.
         *
         * @param method the method
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder thresholdMethod(Method method) {
            this.method = Require.given(NAME, "thresholdMethod", method, "such as AUTOMATIC");
            return this;
        }

        /**
         * Sets the number of autoencoders of the ensemble of a table. Default: {@value TableDetectorFit#MEMBERS}.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder members(int count) {
            this.members = Require.atLeast(1, NAME, "members", count, "");
            return this;
        }

        /**
         * Sets the largest number of epochs of an autoencoder of a table. Default: chosen from the number of rows.
         * Training ends earlier if the error of held-out rows no longer falls.
         *
         * @param most at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int most) {
            this.epochs = Require.atLeast(1, NAME, "epochs", most, "");
            return this;
        }

        /**
         * Sets the seed of the split, of the weights and of the training. Default: 42.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets who receives the progress of the training.
         *
         * @param listener called for each autoencoder in turn
         * @return this
         */
        public Builder listener(ProgressListener listener) {
            this.listener = Require.given(NAME, "listener", listener, "leave it out");
            return this;
        }

        /**
         * Trains autoencoders on the rows of a table and fits scores and threshold.
         *
         * @param rows normal rows, at least {@value TableDetectorFit#FEWEST_ROWS}; a small share of anomalies does no
         *     harm
         * @return the detector
         * @throws IllegalArgumentException if there are fewer rows
         */
        public AnomalyDetector fit(FeatureTable rows) {
            return new AnomalyDetector(
                    new TableDetectorFit(members, epochs, seed, listener).fit(rows, this::thresholdOf, prevalence));
        }

        /**
         * Makes a detector of a score that was fitted elsewhere, by the scores of held-out examples.
         *
         * @param score a fitted score
         * @param heldOut normal examples that neither the autoencoder nor the score was fitted to, {@code [N, …]}
         * @param models the networks of the score, to save the detector; several must have the same configuration
         * @return the detector
         * @throws IllegalArgumentException if the held-out scores are too few, not finite or all equal
         */
        public AnomalyDetector calibrate(AnomalyScore score, INDArray heldOut, ModelBundle... models) {
            Require.given(NAME, "score", score, "such as SquaredErrorScore.of(autoencoder)");
            Require.given(NAME, "heldOut", heldOut, "pass normal examples");
            ScoreDistribution distribution = ScoreDistribution.of(score.score(heldOut));
            return new AnomalyDetector(new DetectorParts(
                    score,
                    null,
                    distribution,
                    thresholdOf(distribution),
                    prevalence,
                    List.of(Require.given(NAME, "models", models, "leave them out")),
                    null));
        }

        private AnomalyThreshold thresholdOf(ScoreDistribution heldOut) {
            Require.that(
                    !heldOut.isConstant(),
                    NAME,
                    "the scores of held-out examples must differ",
                    "all equal to " + heldOut.largest(),
                    "the model has collapsed, or all examples are the same: train another, or look at the data");
            return AnomalyThreshold.find(heldOut, rate, confidence, method);
        }
    }
}
