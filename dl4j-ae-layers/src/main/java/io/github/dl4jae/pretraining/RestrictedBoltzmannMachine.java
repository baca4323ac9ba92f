package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LogSumExp;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import java.util.Arrays;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The distribution of a {@link RestrictedBoltzmannLayer}: likelihoods of examples, and samples.
 *
 * <pre>
 * p(v) = e^−F(v) / Z
 *
 * F(v) = (visible) − Σ_j (hidden),  z = v·W + b
 *     visible   binary −vb·v     Gaussian ½‖v − vb‖²
 *     hidden    binary ln(1 + e^{z_j})     Gaussian ½(z_j² − b_j²)     rectified Σ_{i≥1} ln(1 + e^{z_j − i + ½})
 *
 * pseudo-likelihood   Σ_i ln p(v_i | the others) = −Σ_i ln(1 + e^{F(v) − F(v with bit i flipped)})
 * </pre>
 *
 * <p>Shapes: v {@code [N, n]}, h {@code [N, m]}. All methods compute in float64 with the parameters at the time of the
 * call.
 *
 * @see <a href="https://doi.org/10.1126/science.1127647">Hinton and Salakhutdinov 2006, Reducing the dimensionality of
 *     data with neural networks</a>
 */
public final class RestrictedBoltzmannMachine {

    /** The largest layer whose states are enumerated: about a million states. */
    private static final int MOST_UNITS = 20;

    private static final String SUBJECT = "RestrictedBoltzmannMachine";
    private static final int STATES_AT_ONCE = 4096;

    private final RestrictedBoltzmannLayer configuration;
    private final Layer layer;

    private RestrictedBoltzmannMachine(RestrictedBoltzmannLayer configuration, Layer layer) {
        this.configuration = configuration;
        this.layer = layer;
    }

    /**
     * Returns the machine of a layer of a network.
     *
     * @param network an initialized network
     * @param layer the index of a {@link RestrictedBoltzmannLayer}
     * @return a view of the layer's parameters
     * @throws IllegalArgumentException if the network is null, or the layer is not a {@link RestrictedBoltzmannLayer}
     */
    public static RestrictedBoltzmannMachine of(MultiLayerNetwork network, int layer) {
        Require.given(SUBJECT, "network", network, "");
        if (layer < 0
                || layer >= network.getnLayers()
                || !(network.getLayer(layer).conf().getLayer() instanceof RestrictedBoltzmannLayer machine)) {
            throw new IllegalArgumentException(SUBJECT + ": layer must be the index of a RestrictedBoltzmannLayer, got "
                    + layer + " of " + network.getnLayers() + " layers; layers are counted from 0");
        }
        return new RestrictedBoltzmannMachine(machine, network.getLayer(layer));
    }

    /**
     * Returns the means of the hidden units.
     *
     * @param v {@code [N, n]}
     * @return E[h | v], {@code [N, m]}, float64, a new array
     * @throws IllegalArgumentException if the shape is wrong
     */
    public INDArray hiddenMeans(INDArray v) {
        return BoltzmannUnits.mean(configuration.getHidden(), up(v));
    }

    /**
     * Returns the means of the visible units.
     *
     * @param h {@code [N, m]}
     * @return E[v | h], {@code [N, n]}, float64, a new array
     * @throws IllegalArgumentException if the shape is wrong
     */
    public INDArray visibleMeans(INDArray h) {
        return BoltzmannUnits.mean(configuration.getVisible(), down(h));
    }

    /**
     * Computes the free energy of examples, which is −ln p(v) up to a constant.
     *
     * @param v {@code [N, n]}
     * @return F(v), one per example
     * @throws IllegalArgumentException if the shape is wrong
     */
    public double[] freeEnergy(INDArray v) {
        return visibleEnergy(visible(v)).sub(hiddenTerms(up(v))).toDoubleVector();
    }

    private INDArray visibleEnergy(INDArray v) {
        if (configuration.getVisible() == Unit.BINARY) {
            return v.mulRowVector(visibleBias()).sum(1).negi();
        }
        INDArray distance = v.subRowVector(visibleBias());
        return distance.mul(distance).sum(1).divi(2);
    }

    private INDArray hiddenTerms(INDArray z) {
        return switch (configuration.getHidden()) {
            case BINARY -> BoltzmannUnits.softplus(z).sum(1);
            case GAUSSIAN -> halfSquares(z, bias());
            case RECTIFIED -> {
                INDArray sum = Nd4j.zeros(DataType.DOUBLE, z.size(0));
                int copies = (int) Math.ceil(Math.max(z.maxNumber().doubleValue(), 0)) + 40; // e^−40 is negligible
                for (int i = 1; i <= copies; i++) {
                    sum.addi(BoltzmannUnits.softplus(z.sub(i - 0.5)).sum(1));
                }
                yield sum;
            }
        };
    }

    /** Returns ½ Σ_j (z_j² − b_j²) per row. */
    private static INDArray halfSquares(INDArray z, INDArray b) {
        return z.mul(z).subiRowVector(b.mul(b)).sum(1).divi(2);
    }

    /**
     * Computes the pseudo-log-likelihood of examples: how well each bit is predicted from the others. It needs no
     * partition function and costs n free energies per example.
     *
     * @param v 0 or 1, {@code [N, n]}
     * @return Σ_i ln p(v_i | the others), one per example
     * @throws IllegalArgumentException if visible units are not binary, a value is not 0 or 1, or the shape is wrong
     */
    public double[] pseudoLogLikelihood(INDArray v) {
        INDArray bits = visible(v);
        requireBits(bits);
        INDArray z = up(v);
        INDArray energy = visibleEnergy(bits).sub(hiddenTerms(z)); // [N]
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, v.size(0));
        INDArray weights = weights();
        INDArray visibleBias = visibleBias();
        for (int i = 0; i < v.size(1); i++) {
            INDArray flip = bits.getColumn(i).mul(-2).addi(1); // +1 where 0 becomes 1
            INDArray flippedZ = z.add(flip.reshape(v.size(0), 1).mmul(weights.getRow(i, true))); // [N,1]·[1,m]
            INDArray flipped =
                    visibleEnergy(bits).subi(flip.mul(visibleBias.getDouble(i))).subi(hiddenTerms(flippedZ));
            sum.subi(BoltzmannUnits.softplus(energy.sub(flipped)));
        }
        return sum.toDoubleVector();
    }

    private void requireBits(INDArray v) {
        boolean bits = v.mul(v).equals(v); // NaN is not equal to itself
        Require.that(
                configuration.getVisible() == Unit.BINARY && bits,
                SUBJECT,
                "the pseudo-likelihood needs binary visible units and values",
                bits ? "GAUSSIAN visible units" : "values other than 0 and 1",
                "use a machine with BINARY visible units, and binarize the examples");
    }

    /**
     * Computes ln Z exactly, as a sum over all states of the smaller layer.
     *
     * @return the logarithm of the partition function
     * @throws IllegalArgumentException if no layer consists of at most 20 binary units
     */
    public double logPartition() {
        long n = configuration.getNIn();
        long m = configuration.getNOut();
        boolean overVisible = configuration.getVisible() == Unit.BINARY && n <= MOST_UNITS;
        boolean overHidden = configuration.getHidden() == Unit.BINARY && m <= MOST_UNITS;
        Require.that(
                overVisible || overHidden,
                SUBJECT,
                "the partition function needs a layer of at most " + MOST_UNITS + " binary units",
                n + " " + configuration.getVisible() + " visible and " + m + " " + configuration.getHidden()
                        + " hidden units",
                "use freeEnergy to compare examples, or pseudoLogLikelihood");
        return overVisible && (!overHidden || n <= m)
                ? logSumOverStates((int) n, states -> negated(freeEnergy(states)))
                : logSumOverStates((int) m, this::logWeightOfHidden);
    }

    /** Returns ln Σ_v e^−E(v, h) for each hidden state. */
    private double[] logWeightOfHidden(INDArray h) {
        INDArray z = down(h);
        INDArray sum;
        if (configuration.getVisible() == Unit.BINARY) {
            sum = BoltzmannUnits.softplus(z).sum(1);
        } else {
            double normalizer = configuration.getNIn() / 2.0 * Math.log(2 * Math.PI);
            sum = halfSquares(z, visibleBias()).addi(normalizer);
        }
        return sum.addi(h.mulRowVector(bias()).sum(1)).toDoubleVector();
    }

    /** Returns ln Σ over all binary states of e^{value of the state}. */
    private static double logSumOverStates(int units, Function<INDArray, double[]> values) {
        LogSumExp sum = new LogSumExp();
        int states = 1 << units;
        for (int from = 0; from < states; from += STATES_AT_ONCE) {
            int count = Math.min(STATES_AT_ONCE, states - from);
            double[][] bits = new double[count][units];
            for (int s = 0; s < count; s++) {
                for (int j = 0; j < units; j++) {
                    bits[s][j] = ((from + s) >> j) & 1;
                }
            }
            for (double value : values.apply(Nd4j.createFromArray(bits))) {
                sum.add(value);
            }
        }
        return sum.value();
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    /**
     * Computes the exact log-likelihood of examples, for small machines.
     *
     * @param v {@code [N, n]}
     * @return ln p(v), one per example
     * @throws IllegalArgumentException if the shape is wrong, or as for {@link #logPartition()}
     */
    public double[] logLikelihood(INDArray v) {
        double logPartition = logPartition();
        return Arrays.stream(freeEnergy(v))
                .map(energy -> -energy - logPartition)
                .toArray();
    }

    /**
     * Samples examples by Gibbs sampling; each row is a chain. Rectified units are sampled exactly, as the sum of the
     * binary copies in the free energy. Training by contrastive divergence uses the approximation of Nair and Hinton,
     * whose distribution differs by up to 0.1 in the probability of a state of a small machine.
     *
     * @param start the initial states, {@code [N, n]}, not changed; examples or noise
     * @param steps the number of Gibbs steps, at least 1; use hundreds if the start is noise
     * @param seed the seed of the random numbers
     * @return the means of the visible units in the last step, {@code [N, n]}, a new array; they are smoother than
     *     samples
     * @throws IllegalArgumentException if there are fewer than 1 steps, or the shape is wrong
     */
    public INDArray sample(INDArray start, int steps, long seed) {
        Require.atLeast(1, SUBJECT, "steps", steps, "use some hundred");
        NoiseStream noise = NoiseStream.of(seed, SUBJECT);
        INDArray v = visible(start);
        for (int step = 0; ; step++) {
            INDArray h = BoltzmannUnits.exactSample(configuration.getHidden(), up(v), noise.at(step, 0, 0));
            INDArray z = down(h);
            if (step == steps - 1) {
                return BoltzmannUnits.mean(configuration.getVisible(), z).castTo(FloatingPoint.typeFor(start));
            }
            v = BoltzmannUnits.sample(configuration.getVisible(), z, noise.at(step, 0, 1));
        }
    }

    private INDArray up(INDArray v) {
        return visible(v).mmul(weights()).addiRowVector(bias()); // [N,n]·[n,m] → [N,m]
    }

    private INDArray down(INDArray h) {
        return rows("hidden", h, configuration.getNOut())
                .mmul(weights().transpose())
                .addiRowVector(visibleBias()); // [N,m]·[m,n] → [N,n]
    }

    private INDArray weights() {
        return wide(layer.getParam(StackableLayerImpl.W));
    }

    private INDArray bias() {
        return wide(layer.getParam(StackableLayerImpl.B)).reshape(configuration.getNOut());
    }

    private INDArray visibleBias() {
        return wide(layer.getParam(StackableLayerImpl.VB)).reshape(configuration.getNIn());
    }

    private INDArray visible(INDArray v) {
        return rows("visible", v, configuration.getNIn());
    }

    private static INDArray rows(String units, INDArray array, long width) {
        Require.that(
                array.rank() == 2 && array.size(1) == width && !array.isEmpty(),
                SUBJECT,
                "values of " + units + " units must have the shape [N, " + width + "] with N at least 1",
                Arrays.toString(array.shape()),
                "");
        return wide(array);
    }

    private static INDArray wide(INDArray array) {
        return array.castTo(DataType.DOUBLE);
    }
}
