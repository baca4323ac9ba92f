package io.github.dl4jae.compression;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A snapshot of the prior of a {@link FactorizedPriorLayer}: the distribution of the codes of each channel.
 *
 * <pre>{@code
 * FactorizedPrior prior = FactorizedPrior.of(network);
 * double bits = prior.bits(0, 3);      // the length of the code 3 in channel 0
 * }</pre>
 *
 * <pre>
 * cumulative_c(x) = σ(f_c(x))        bits_c(ŷ) = −log₂ max(cumulative_c(ŷ + ½) − cumulative_c(ŷ − ½), 10⁻⁹)
 * </pre>
 *
 * <p>Immutable: it copies the parameters.
 *
 * <p>Errors: no such layer in the network, or more than one; parameters that are not finite; a channel that the layer
 * does not have.
 */
public final class FactorizedPrior {

    private final List<CumulativeNetwork> channels;

    private final double step;

    private FactorizedPrior(List<CumulativeNetwork> channels, double step) {
        this.channels = channels;
        this.step = step;
    }

    /**
     * Returns the prior of a network with one factorized prior.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return a snapshot
     * @throws IllegalArgumentException if the network is of another kind or null, if it does not have one such layer,
     *     or if a parameter is not finite
     */
    public static FactorizedPrior of(Model network) {
        Require.that(
                network instanceof MultiLayerNetwork || network instanceof ComputationGraph,
                "FactorizedPrior",
                "network must be a MultiLayerNetwork or a ComputationGraph",
                network,
                "pass the network itself");
        List<FactorizedPriorLayerImpl> layers = NetworkLayers.of(network)
                .filter(FactorizedPriorLayerImpl.class::isInstance)
                .map(FactorizedPriorLayerImpl.class::cast)
                .toList();
        Require.that(
                layers.size() == 1,
                "FactorizedPrior",
                "the network must have one FactorizedPriorLayer",
                layers.size(),
                layers.isEmpty() ? "add one between encoder and decoder" : "");
        FactorizedPriorLayerImpl layer = layers.get(0);
        Require.that(
                Double.isFinite(layer.params().sumNumber().doubleValue()),
                "FactorizedPrior",
                "parameters must be finite",
                "NaN or an infinite value",
                "check the features for NaN, or lower the learning rate");
        return new FactorizedPrior(
                FactorizedPriorParamInitializer.networks(layer.paramTable()),
                layer.layerConf().getStep());
    }

    /**
     * Returns the number of channels.
     *
     * @return C, at least 1
     */
    public int channels() {
        return channels.size();
    }

    /**
     * Returns the width of a quantization interval.
     *
     * @return Δ; the layer's output is Δ times an integer code
     */
    public double step() {
        return step;
    }

    /**
     * Returns the cumulative distribution of a channel.
     *
     * @param channel from 0
     * @param x any number
     * @return the probability of a smaller value, which increases with x
     */
    public double cumulative(int channel, double x) {
        return CumulativeNetwork.sigmoid(network(channel).logit(x));
    }

    /**
     * Returns the length of a code, for an ideal entropy coder.
     *
     * @param channel from 0
     * @param code an integer; between integers, the rate that training with noise uses
     * @return bits, at most 29.9
     */
    public double bits(int channel, double code) {
        CumulativeNetwork f = network(channel);
        double p = RatePass.probability(f.logit(code - 0.5), f.logit(code + 0.5));
        return -Math.log(Math.max(p, RatePass.LEAST_PROBABILITY)) / Math.log(2);
    }

    /** Returns the probability of a code without the floor, from {@code StrictMath} alone. */
    double probability(int channel, double code) {
        CumulativeNetwork f = network(channel);
        double l = f.logit(code - 0.5);
        double u = f.logit(code + 0.5);
        return l + u > 0
                ? CumulativeNetwork.strictSigmoid(-l) - CumulativeNetwork.strictSigmoid(-u)
                : CumulativeNetwork.strictSigmoid(u) - CumulativeNetwork.strictSigmoid(l);
    }

    /** Returns the probability of smaller values, from {@code StrictMath} alone. */
    double below(int channel, double x) {
        return CumulativeNetwork.strictSigmoid(network(channel).logit(x));
    }

    /** Returns the probability of larger values, from {@code StrictMath} alone. */
    double above(int channel, double x) {
        return CumulativeNetwork.strictSigmoid(-network(channel).logit(x));
    }

    /**
     * Returns the length of codes.
     *
     * @param codes outputs of the layer, with channels on axis 1: {@code [N, C]}, {@code [N, C, T]} or {@code [N, C, H,
     *     W]}
     * @return the sum of their bits
     * @throws IllegalArgumentException if the codes have another number of channels
     */
    public double bits(INDArray codes) {
        Require.given("FactorizedPrior", "codes", codes, "pass the output of the layer");
        Require.that(
                codes.rank() >= 2 && codes.size(1) == channels.size(),
                "FactorizedPrior",
                "codes must have " + channels.size() + " channels on axis 1",
                codes.shapeInfoToString(),
                "pass the output of the layer");
        double[] rows = UnitAxis.FIRST
                .toMatrix(codes)
                .castTo(DataType.DOUBLE)
                .dup('c')
                .data()
                .asDouble();
        Arrays.setAll(rows, i -> rows[i] / step);
        int[] all = IntStream.range(0, rows.length / channels.size()).toArray();
        return new RatePass(channels, rows, all).bits();
    }

    private CumulativeNetwork network(int channel) {
        Require.that(
                channel >= 0 && channel < channels.size(),
                "FactorizedPrior",
                "channel must be in [0, " + channels.size() + ")",
                channel,
                "");
        return channels.get(channel);
    }
}
