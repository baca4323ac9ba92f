package io.github.dl4jae.compression;

import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ỹ = y + u or round(y), which adds w·R to the score.
 *
 * <p>The gradient of R does not depend on the layers above, so the forward pass of training computes it with R. At
 * inference R is computed when the score is read, which few callers do.
 */
final class FactorizedPriorLayerImpl extends ParameterLayer<FactorizedPriorLayer> {

    /** Survives {@code clear()}, because the score is read after it; null before the first pass. */
    private @Nullable RatePass rate;
    /** The codes of the last pass at inference, until the rate is computed from them. */
    private double @Nullable [] codes;

    private int[] present = {};
    private double scale;

    FactorizedPriorLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireChannels();
        if (training) {
            examples.requireKnown(LayerSubject.of(layerConf()));
        }
        examples.begin(training, input.size(0));
        trainingPass = training;
        applyDropOutIfNecessary(training, workspaces);
        double step = layerConf().getStep();
        double[] y = values(input); // [N,C]
        Arrays.setAll(y, i -> y[i] / step);
        present = present(y.length / channels());
        scale = conf.isMiniBatch() ? 1.0 / Math.max(1, examples.of(input.size(0))) : 1;
        if (training && layerConf().getQuantization() == Quantization.NOISE) {
            addNoise(y);
        } else {
            Arrays.setAll(y, i -> Math.rint(y[i]));
        }
        codes = y;
        rate = training ? rate(y) : null;
        return array(output(y), ArrayType.ACTIVATIONS, workspaces);
    }

    /** Returns the codes in the unit of the input, with 0 in masked rows. */
    private double[] output(double[] y) {
        double[] output = unmasked(y);
        Arrays.setAll(output, i -> output[i] * layerConf().getStep());
        return output;
    }

    private int channels() {
        return (int) layerConf().getNIn();
    }

    private void requireChannels() {
        if (layerConf().unitAxis().units(input) != layerConf().getNIn()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must have "
                    + layerConf().getNIn() + " channels, got " + Arrays.toString(input.shape())
                    + "; set nIn to the number of channels of the layer below");
        }
    }

    private double[] values(INDArray array) {
        return layerConf()
                .unitAxis()
                .toMatrix(array)
                .castTo(DataType.DOUBLE)
                .dup('c')
                .data()
                .asDouble();
    }

    /** Returns an array of the shape of the input that lies in memory with channels last. */
    private INDArray array(double[] values, ArrayType type, LayerWorkspaceMgr workspaces) {
        long[] shape = {values.length / channels(), channels()};
        INDArray matrix = workspaces.createUninitialized(type, dataType, shape, 'c');
        if (values.length > 0) {
            matrix.assign(Nd4j.createFromArray(values).reshape(shape));
        }
        return layerConf().unitAxis().fromMatrix(matrix, input);
    }

    private int[] present(int rows) {
        if (maskArray == null) {
            return IntStream.range(0, rows).toArray();
        }
        double[] mask = layerConf()
                .unitAxis()
                .positionMask(maskArray, input)
                .castTo(DataType.DOUBLE)
                .data()
                .asDouble();
        return IntStream.range(0, rows).filter(row -> mask[row] != 0).toArray();
    }

    /** Returns a copy with 0 in masked rows. */
    private double[] unmasked(double[] y) {
        double[] copy = new double[y.length];
        for (int row : present) {
            System.arraycopy(y, row * channels(), copy, row * channels(), channels());
        }
        return copy;
    }

    private void addNoise(double[] y) {
        NoiseStream noise = NoiseStream.of(
                        conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), 0);
        double[] uniform = new double[channels()];
        for (int row = 0; row < y.length / uniform.length; row++) {
            noise.uniform(row, uniform, 0, uniform.length);
            for (int c = 0; c < uniform.length; c++) {
                y[row * uniform.length + c] += uniform[c] - 0.5;
            }
        }
    }

    private RatePass rate(double[] y) {
        return new RatePass(FactorizedPriorParamInitializer.networks(params), y, present);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        double[] delta = unmasked(values(epsilon));
        if (trainingPass && rate == null) {
            activate(true, workspaces);
        }
        RatePass pass = trainingPass ? rate : null;
        if (pass != null) {
            double[] rateGradient = pass.sharedGradient();
            double factor = layerConf().getRateWeight() / layerConf().getStep();
            Arrays.setAll(delta, i -> delta[i] + factor * rateGradient[i]);
        }
        INDArray next = array(delta, ArrayType.ACTIVATION_GRAD, workspaces);
        return new Pair<>(gradient(pass), dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    /** Returns the gradients of the parameters: of w·R, or 0 where the layer is frozen. */
    private Gradient gradient(@Nullable RatePass pass) {
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        set(gradient, FactorizedPriorParamInitializer.WEIGHTS, pass, each -> each.H);
        set(gradient, FactorizedPriorParamInitializer.BIASES, pass, each -> each.b);
        set(gradient, FactorizedPriorParamInitializer.FACTORS, pass, each -> each.a);
        return gradient;
    }

    private void set(
            Gradient gradient,
            String key,
            @Nullable RatePass pass,
            Function<CumulativeNetwork.Gradients, double[]> ofChannel) {
        INDArray view = gradientView(key);
        if (pass == null) {
            view.assign(0);
        } else {
            double[][] values = new double[channels()][];
            Arrays.setAll(values, c -> ofChannel.apply(pass.sharedGradients(c)));
            view.assign(Nd4j.createFromArray(values).muli(layerConf().getRateWeight()));
        }
        gradient.setGradientFor(key, view);
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        if (rate == null && codes != null) {
            rate = rate(codes);
        }
        double penalty = rate == null ? 0 : layerConf().getRateWeight() * scale * rate.bits();
        return super.calcRegularizationScore(backpropParamsOnly) + penalty;
    }

    @Override
    public boolean hasBias() {
        return true;
    }
}
