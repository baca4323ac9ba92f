package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The squared distance of an example's code from the center of a trained {@link DeepSvdd}.
 *
 * <pre>
 * s(x)   = ‖φ(x) − c‖²
 * a_j(x) = s(x) − s(x with x_j := b_j),   b the mean of the training examples
 * </pre>
 *
 * <p>The attribution a is the fall of the score if a value is replaced by its mean. It is negative for values that make
 * the example more usual. It takes d forward passes for an example of d values, so it suits a few examples at a time.
 *
 * <p>Distances are computed in float64 from the network's codes.
 *
 * <p>To keep a trained score, calibrate an {@link AnomalyDetector} with it and the bundle of its {@link #network}, and
 * save that.
 */
public final class DeepSvddScore implements StoredScore {

    static final String KIND = "deep-svdd";

    private static final String NAME = "DeepSvddScore";
    /** Relative differences of scores that count as none. */
    private static final double NEARLY_CONSTANT = 1e-3;

    private static final double PROBE = 10;

    private final MultiLayerNetwork network;
    private final INDArray center;
    private final INDArray baseline;
    private final @Nullable Double radius;

    DeepSvddScore(MultiLayerNetwork network, INDArray center, INDArray baseline, @Nullable Double radius) {
        this.network = network;
        this.center = center;
        this.baseline = baseline;
        this.radius = radius;
    }

    /**
     * Returns the score of a network and a center.
     *
     * @param network initialized; its output is the code, {@code [N, k]}
     * @param center c, k values
     * @param baseline b, an example without the axis of examples
     * @return the score, without a radius
     * @throws IllegalArgumentException if the network's output for the baseline does not have the center's k values
     */
    public static DeepSvddScore of(MultiLayerNetwork network, INDArray center, INDArray baseline) {
        Require.given(NAME, "network", network, "");
        Require.that(
                network.isInitCalled(),
                NAME,
                "the network must be initialized",
                "one without parameters",
                "call init()");
        Require.given(NAME, "center", center, "");
        Require.given(NAME, "baseline", baseline, "give the mean of the training examples");
        DeepSvddScore score = new DeepSvddScore(
                network, center.castTo(DataType.DOUBLE).dup('c').reshape(center.length()), baseline.dup('c'), null);
        INDArray code = codes(network, baseline.reshape('c', shapeOf(baseline, 1)));
        Require.that(
                code.length() == center.length(),
                NAME,
                "the center must have as many values as the network's output, " + code.length(),
                center.length(),
                "");
        return score;
    }

    /** Returns the shape of a number of examples like one without the axis of examples. */
    private static long[] shapeOf(INDArray example, long count) {
        return LongStream.concat(LongStream.of(count), Arrays.stream(example.shape()))
                .toArray();
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.network(network);
        out.array("center", ExampleBlocks.all(center));
        out.array("baseline", ExampleBlocks.all(baseline));
        out.array("shape", Arrays.stream(baseline.shape()).asDoubleStream().toArray());
        out.number("radius", radius == null ? -1 : radius);
    }

    static DeepSvddScore read(ScoreReader in) {
        double[] baseline = in.array("baseline");
        long[] shape =
                Arrays.stream(in.array("shape")).mapToLong(size -> (long) size).toArray();
        long values = Arrays.stream(shape).map(size -> Math.max(0, size)).reduce(1, (a, b) -> a * b);
        Require.that(
                values == baseline.length,
                NAME,
                "the file's baseline must have " + values + " values",
                baseline.length,
                "");
        MultiLayerNetwork network = in.model().multiLayerNetwork();
        INDArray example = Nd4j.createFromArray(baseline).reshape('c', shape).castTo(SvddLayers.type(network));
        DeepSvddScore score = of(network, Nd4j.createFromArray(in.array("center")), example);
        double radius = in.number("radius");
        return new DeepSvddScore(network, score.center, score.baseline, radius < 0 ? null : radius);
    }

    /** Returns "squared distance to the center". */
    @Override
    public String name() {
        return "squared distance to the center";
    }

    @Override
    public double[] score(INDArray examples) {
        Batches.requireRows(NAME, "examples", examples);
        Require.that(
                Arrays.equals(Arrays.copyOfRange(examples.shape(), 1, examples.rank()), baseline.shape()),
                NAME,
                "examples must have the shape of the training examples, [N, …] with … = "
                        + Arrays.toString(baseline.shape()),
                Arrays.toString(examples.shape()),
                "");
        INDArray difference = codes(network, examples).castTo(DataType.DOUBLE).subiRowVector(center);
        return difference.muli(difference).sum(1).toDoubleVector();
    }

    /** Returns the network's outputs, {@code [N, k]}. */
    static INDArray codes(MultiLayerNetwork network, INDArray examples) {
        DataType type = SvddLayers.type(network);
        return Batches.of(examples).join((from, to) -> network.output(Batches.copy(examples, from, to, type), false));
    }

    @Override
    public INDArray attribution(INDArray examples) {
        double[] scores = score(examples);
        INDArray rows = ExampleBatches.rows(examples).castTo(DataType.FLOAT);
        float[] means = baseline.castTo(DataType.FLOAT)
                .dup('c')
                .reshape(baseline.length())
                .toFloatVector();
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, rows.shape(), 'c');
        for (int i = 0; i < scores.length; i++) {
            float[] x = rows.getRow(i).dup('c').toFloatVector();
            double[] without = score(replacedInTurn(x, means));
            for (int j = 0; j < x.length; j++) {
                result.putScalar(i, j, (float) (scores[i] - without[j]));
            }
        }
        return result.reshape('c', examples.shape());
    }

    /** Returns an example once for each of its values, with this value replaced. */
    private INDArray replacedInTurn(float[] x, float[] means) {
        float[][] rows = new float[x.length][];
        for (int j = 0; j < x.length; j++) {
            rows[j] = x.clone();
            rows[j][j] = means[j];
        }
        return Nd4j.createFromArray(rows).reshape('c', shapeOf(baseline, x.length));
    }

    /**
     * Refuses a collapsed network, which maps all examples to nearly the same code.
     *
     * <pre>
     * collapsed  ⇔  mean_i |s(10·x_i) − s(x_i)| ≤ 10⁻³·‖c‖²   or   σ(s(x_i)) ≤ 10⁻³·mean_i s(x_i)
     * </pre>
     *
     * <p>The first condition compares with inputs that are far from all others. It holds if every code is near the
     * center, and if every code is near 0. A good network has small scores for normal examples, but not for these. The
     * second condition is not applied to a single example.
     *
     * @param heldOut normal examples, {@code [N, …]}; the more they differ, the better
     * @throws IllegalStateException if the network has collapsed; the message names remedies
     * @throws IllegalArgumentException if the examples have another shape
     */
    public void requireSpread(INDArray heldOut) {
        double[] near = score(heldOut);
        double[] far = score(heldOut.mul(PROBE));
        double change = 0;
        for (int i = 0; i < near.length; i++) {
            change += Math.abs(far[i] - near[i]) / near.length;
        }
        double squaredCenter = center.mul(center).sumNumber().doubleValue();
        double mean = Arrays.stream(near).average().orElse(0);
        double variance =
                Arrays.stream(near).map(s -> (s - mean) * (s - mean)).average().orElse(0);
        boolean constant = near.length > 1 && Math.sqrt(variance) <= NEARLY_CONSTANT * mean;
        if (constant || change <= NEARLY_CONSTANT * squaredCenter) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "DeepSvdd: scores of held-out examples must differ, got a mean of %.3g and a standard deviation of"
                            + " %.3g, and a mean change of %.3g for ten times the inputs (‖c‖² is %.3g), because the"
                            + " network has collapsed to a constant; use layers without biases, lower weightDecay and"
                            + " the learning rate, or train fewer epochs",
                    mean,
                    Math.sqrt(variance),
                    change,
                    squaredCenter));
        }
    }

    /**
     * Returns the encoder. Its output is the code φ(x), {@code [N, k]}; its last layer is a {@code LossLayer}.
     *
     * @return the network itself
     */
    public MultiLayerNetwork network() {
        return network;
    }

    /**
     * Returns the center.
     *
     * @return c, float64 {@code [k]}, a copy
     */
    public INDArray center() {
        return center.dup();
    }

    /**
     * Returns the mean of the training examples, to which the attribution compares.
     *
     * @return b, in the shape of an example without the axis of examples; a copy
     */
    public INDArray baseline() {
        return baseline.dup();
    }

    /**
     * Returns the radius of the soft boundary. Examples with a score above R² are outside of it.
     *
     * @return R; empty for the one-class objective, and for a score of {@link #of}
     */
    public OptionalDouble radius() {
        return radius == null ? OptionalDouble.empty() : OptionalDouble.of(radius);
    }

    /** Returns the sizes, as in {@code DeepSvddScore(code 32)}. */
    @Override
    public String toString() {
        return NAME + "(code " + center.length() + ")";
    }
}
