package io.github.dl4jae.pretraining;

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
 * What a {@link RestrictedBoltzmannLayer} says about examples, and examples that it draws.
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
 * <p>Shapes: v {@code [N, n]}, h {@code [N, m]}. Computed in float64 with the parameters at the time of the call.
 */
public final class RestrictedBoltzmannMachine {

    /** Units that are enumerated at most: a million states. */
    private static final int MOST_UNITS = 20;

    private static final int STATES_AT_ONCE = 4096;

    private final RestrictedBoltzmannLayer configuration;
    private final Layer layer;

    private RestrictedBoltzmannMachine(RestrictedBoltzmannLayer configuration, Layer layer) {
        this.configuration = configuration;
        this.layer = layer;
    }

    /**
     * Looks at a layer of a network.
     *
     * @param network initialized
     * @param layer the number of a {@link RestrictedBoltzmannLayer}
     * @return a view on its parameters
     * @throws IllegalArgumentException if the layer is another
     */
    public static RestrictedBoltzmannMachine of(MultiLayerNetwork network, int layer) {
        if (layer < 0
                || layer >= network.getnLayers()
                || !(network.getLayer(layer).conf().getLayer() instanceof RestrictedBoltzmannLayer machine)) {
            throw new IllegalArgumentException("RestrictedBoltzmannMachine: layer must be the number of a"
                    + " RestrictedBoltzmannLayer, got " + layer + " of " + network.getnLayers()
                    + " layers; name one from 0");
        }
        return new RestrictedBoltzmannMachine(machine, network.getLayer(layer));
    }

    /**
     * The means of the hidden units.
     *
     * @param v {@code [N, n]}
     * @return E[h | v], {@code [N, m]}
     */
    public INDArray hiddenMeans(INDArray v) {
        return BoltzmannUnits.mean(configuration.getHidden(), up(v));
    }

    /**
     * The means of the visible units.
     *
     * @param h {@code [N, m]}
     * @return E[v | h], {@code [N, n]}
     */
    public INDArray visibleMeans(INDArray h) {
        return BoltzmannUnits.mean(configuration.getVisible(), down(h));
    }

    /**
     * The free energy of examples: −ln p(v) but for a constant.
     *
     * @param v {@code [N, n]}
     * @return F(v), one per example
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
            case GAUSSIAN -> {
                INDArray b = bias();
                yield z.mul(z).subiRowVector(b.mul(b)).sum(1).divi(2);
            }
            case RECTIFIED -> {
                INDArray sum = Nd4j.zeros(DataType.DOUBLE, z.size(0));
                int copies = (int) Math.ceil(Math.max(z.maxNumber().doubleValue(), 0)) + 40; // e^−40 is nothing
                for (int i = 1; i <= copies; i++) {
                    sum.addi(BoltzmannUnits.softplus(z.sub(i - 0.5)).sum(1));
                }
                yield sum;
            }
        };
    }

    /**
     * The pseudo-likelihood of examples: how well each bit is foretold by the others. No partition function is needed; costs n free energies per
     * example.
     *
     * @param v 0 or 1, {@code [N, n]}
     * @return Σ_i ln p(v_i | the others), one per example
     * @throws IllegalArgumentException if visible units are not binary, or a value is not 0 or 1
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
        if (configuration.getVisible() != Unit.BINARY || !bits) {
            throw new IllegalArgumentException("RestrictedBoltzmannMachine: the pseudo-likelihood is one of bits, got "
                    + (bits ? "GAUSSIAN visible units" : "values other than 0 and 1")
                    + "; binarize the examples of a BINARY machine");
        }
    }

    /**
     * ln Z, by summing over all states of the smaller layer.
     *
     * @return the logarithm of the partition function
     * @throws IllegalArgumentException if no layer of binary units is small enough (20 units), or the sum has no closed form
     */
    public double logPartition() {
        long n = configuration.getNIn();
        long m = configuration.getNOut();
        boolean overVisible = configuration.getVisible() == Unit.BINARY && n <= MOST_UNITS;
        boolean overHidden = configuration.getHidden() == Unit.BINARY && m <= MOST_UNITS;
        if (!overVisible && !overHidden) {
            throw new IllegalArgumentException("RestrictedBoltzmannMachine: the partition function needs a layer of at"
                    + " most " + MOST_UNITS + " binary units to sum over, got " + n + " " + configuration.getVisible()
                    + " visible and " + m + " " + configuration.getHidden()
                    + " hidden units; use freeEnergy to compare examples, or pseudoLogLikelihood");
        }
        return overVisible && (!overHidden || n <= m)
                ? logSumOverStates((int) n, states -> negated(freeEnergy(states)))
                : logSumOverStates((int) m, this::logWeightOfHidden);
    }

    /** ln Σ_v e^−E(v, h) for each hidden state. */
    private double[] logWeightOfHidden(INDArray h) {
        INDArray z = down(h);
        INDArray sum;
        if (configuration.getVisible() == Unit.BINARY) {
            sum = BoltzmannUnits.softplus(z).sum(1);
        } else {
            INDArray vb = visibleBias();
            double normalizer = configuration.getNIn() / 2.0 * Math.log(2 * Math.PI);
            sum = z.mul(z).subiRowVector(vb.mul(vb)).sum(1).divi(2).addi(normalizer);
        }
        return sum.addi(h.mulRowVector(bias()).sum(1)).toDoubleVector();
    }

    /** ln Σ over all binary states of e^{value of the state}. */
    private static double logSumOverStates(int units, Function<INDArray, double[]> values) {
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
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
                if (value > max) {
                    sum *= Math.exp(max - value);
                    max = value;
                }
                sum += Math.exp(value - max);
            }
        }
        return max + Math.log(sum);
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    /**
     * The exact log-likelihood of examples, on machines small enough.
     *
     * @param v {@code [N, n]}
     * @return ln p(v), one per example
     * @throws IllegalArgumentException as for {@link #logPartition()}
     */
    public double[] logLikelihood(INDArray v) {
        double logPartition = logPartition();
        return Arrays.stream(freeEnergy(v))
                .map(energy -> -energy - logPartition)
                .toArray();
    }

    /**
     * Draws examples: Gibbs sampling from some start, each row a chain. Rectified units are drawn exactly, as the sum
     * of the binary copies of which the free energy is that; contrastive divergence trains with the approximation of
     * Nair and Hinton, whose own distribution differs (by up to 0.1 in the probability of a state of a small machine).
     *
     * @param start {@code [N, n]}, not changed; examples or noise
     * @param steps at least 1; hundreds from noise
     * @param seed of the random numbers
     * @return the means of the visible units in the last step, {@code [N, n]}: pictures of them are smoother than samples
     * @throws IllegalArgumentException if there are no steps, or no examples to start from
     */
    public INDArray sample(INDArray start, int steps, long seed) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "RestrictedBoltzmannMachine: steps must be at least 1, got " + steps + "; take some hundred");
        }
        NoiseStream noise = NoiseStream.of(seed, "RestrictedBoltzmannMachine");
        INDArray v = visible(start);
        for (int step = 0; ; step++) {
            INDArray h = BoltzmannUnits.exactSample(configuration.getHidden(), up(v), noise.at(step, 0, 0));
            INDArray z = down(h);
            if (step == steps - 1) {
                return BoltzmannUnits.mean(configuration.getVisible(), z)
                        .castTo(start.dataType().isFPType() ? start.dataType() : Nd4j.defaultFloatingPointType());
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
        if (array.rank() != 2 || array.size(1) != width || array.isEmpty()) {
            throw new IllegalArgumentException("RestrictedBoltzmannMachine: values of " + units
                    + " units must have the shape [N, " + width + "] with N at least 1, got "
                    + Arrays.toString(array.shape()));
        }
        return wide(array);
    }

    private static INDArray wide(INDArray array) {
        return array.castTo(DataType.DOUBLE);
    }
}
