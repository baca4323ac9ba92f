package io.github.dl4jae.variational;

import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.math.LogSumExp;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss L = −ln 1/K Σ_k w_k of rows [o | r], where ln w = −loss(x, o) + r. */
final class MultiSampleLossLayerImpl extends LossLayer {

    /** Cached by backprop for the score that follows it; null after a change of input, labels or mask. */
    private double @Nullable [] lossesOfBackprop;

    MultiSampleLossLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        NetworkConstruction.register(this);
    }

    private MultiSampleLossLayer configuration() {
        return (MultiSampleLossLayer) layerConf();
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    /** The importance weights of a mini-batch, in float64. */
    private static final class Weights {
        private final int samples;
        private final int examples;
        /** ln w, sample by sample. */
        private final double[] logs;
        /** One value per example. */
        private final double[] mask;

        Weights(int examples, double[] logs, double[] mask) {
            this.samples = logs.length / examples;
            this.examples = examples;
            this.logs = logs;
            this.mask = mask;
        }

        /** Returns ln w of the samples of an example. */
        double[] of(int example) {
            double[] own = new double[samples];
            for (int k = 0; k < samples; k++) {
                own[k] = logs[k * examples + example];
            }
            return own;
        }

        /** Returns L of an example. */
        double loss(int example, MultiSampleLossLayer.Bound bound) {
            double[] own = of(example);
            return -mask[example]
                    * (bound == MultiSampleLossLayer.Bound.AVERAGE
                            ? Arrays.stream(own).average().orElseThrow()
                            : LogSumExp.of(own, 0, samples) - Math.log(samples));
        }

        /** Returns −∂L/∂ln w of all rows. */
        double[] shares(MultiSampleLossLayer.Bound bound) {
            double[] shares = new double[logs.length];
            for (int i = 0; i < examples; i++) {
                double[] own = of(i);
                double total = LogSumExp.of(own, 0, samples);
                for (int k = 0; k < samples; k++) {
                    shares[k * examples + i] = mask[i]
                            * (bound == MultiSampleLossLayer.Bound.AVERAGE ? 1.0 / samples : Math.exp(own[k] - total));
                }
            }
            return shares;
        }
    }

    private Weights weights(INDArray x, INDArray o) {
        int examples = (int) labels.size(0);
        INDArray losses = loss().computeScoreArray(x, o, layerConf().getActivationFn(), maskPerSample());
        double[] logs = DoubleRows.values(losses.reshape(losses.length()));
        double[] ratios = DoubleRows.values(input.getColumn(input.size(1) - 1));
        for (int row = 0; row < logs.length; row++) {
            logs[row] = ratios[row] - logs[row];
        }
        double[] mask = new double[examples];
        Arrays.fill(mask, 1);
        if (maskArray != null) {
            mask = DoubleRows.values(maskArray.reshape(maskArray.length()));
        }
        return new Weights(examples, logs, mask);
    }

    private ILossFunction loss() {
        return layerConf().getLossFn();
    }

    /** Returns the labels of the examples, repeated for each sample. */
    private INDArray labelsPerSample() {
        if (input == null || labels == null) {
            throw new IllegalStateException(
                    name() + ": input and labels must be set, got none; call setInput and setLabels, or fit");
        }
        long rows = input.size(0);
        if (input.rank() != 2 || labels.rank() != 2 || rows % labels.size(0) != 0) {
            throw new IllegalArgumentException(
                    name() + ": the input must be rows [K·batch, n + 1] for labels [batch, n],"
                            + " got " + Arrays.toString(input.shape()) + " for " + Arrays.toString(labels.shape())
                            + "; connect it to a MergeVertex of pre-activations and log ratios");
        }
        if (maskArray != null && maskArray.length() != labels.size(0)) {
            throw new IllegalArgumentException(name() + ": the mask must have a value per example, shape ["
                    + labels.size(0) + ", 1], got " + Arrays.toString(maskArray.shape())
                    + "; masks can exclude whole examples only");
        }
        return perSample(labels);
    }

    private INDArray perSample(INDArray perExample) {
        int samples = (int) (input.size(0) / labels.size(0));
        if (samples == 1) {
            return perExample;
        }
        INDArray[] copies = new INDArray[samples];
        Arrays.fill(copies, perExample);
        return Nd4j.concat(0, copies);
    }

    private @Nullable INDArray maskPerSample() {
        return maskArray == null
                ? null
                : perSample(maskArray.castTo(input.dataType()).reshape(maskArray.length(), 1));
    }

    private String name() {
        return LayerSubject.of(layerConf());
    }

    private INDArray preActivations() {
        long n = input.size(1) - 1;
        if (!FloatRows.canView(input)) {
            return input.get(NDArrayIndex.all(), NDArrayIndex.interval(0, n)).dup('c');
        }
        // ND4J would copy this view value by value
        INDArray o = Nd4j.createUninitialized(input.dataType(), new long[] {input.size(0), n}, 'c');
        FloatRows from = FloatRows.of(input);
        FloatRows to = FloatRows.of(o);
        RowBlocks.of(from.rows(), n).forEach((block, first, end) -> {
            float[] row = new float[from.columns()];
            for (int i = first; i < end; i++) {
                from.read(i, row);
                to.write(i, row);
            }
        });
        return o;
    }

    /** Returns [share · ∂loss/∂o | −share] for every row. */
    private INDArray delta(INDArray toOutputs, double[] shares, LayerWorkspaceMgr workspaces) {
        INDArray delta =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
        long n = toOutputs.size(1);
        if (!FloatRows.canView(toOutputs, delta)) {
            INDArray column =
                    Nd4j.createFromArray(shares).castTo(delta.dataType()).reshape(shares.length, 1);
            delta.get(NDArrayIndex.all(), NDArrayIndex.interval(0, n)).assign(toOutputs.mulColumnVector(column));
            delta.get(NDArrayIndex.all(), NDArrayIndex.interval(n, n + 1)).assign(column.neg());
            return delta;
        }
        FloatRows from = FloatRows.of(toOutputs);
        FloatRows to = FloatRows.of(delta);
        RowBlocks.of(from.rows(), n).forEach((block, first, end) -> {
            float[] row = new float[to.columns()];
            for (int i = first; i < end; i++) {
                from.read(i, row);
                float share = (float) shares[i];
                for (int j = 0; j < n; j++) {
                    row[j] *= share;
                }
                row[(int) n] = -share;
                to.write(i, row);
            }
        });
        return delta;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray output = layerConf().getActivationFn().getActivation(preActivations(), training);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, output);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = labelsPerSample();
        INDArray o = preActivations();
        Weights weights = weights(x, o);
        lossesOfBackprop = losses(weights);
        double[] shares = weights.shares(configuration().getBound());
        INDArray toOutputs = loss().computeGradient(x, o, layerConf().getActivationFn(), maskPerSample());
        return new Pair<>(new DefaultGradient(), delta(toOutputs, shares, workspaces));
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double[] losses = training && lossesOfBackprop != null
                ? lossesOfBackprop
                : losses(weights(labelsPerSample(), preActivations()));
        lossesOfBackprop = null; // the parameters may change before the next score
        double sum = Arrays.stream(losses).sum();
        if (!Double.isFinite(sum)) {
            throw new IllegalStateException(name() + ": the bound must be finite, got " + sum
                    + "; check the data for NaN and very large values, or lower the learning rate");
        }
        score = (conf().isMiniBatch() ? sum / losses.length : sum) + regularization;
        return score;
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        double[] losses = losses(weights(labelsPerSample(), preActivations()));
        INDArray perExample = Nd4j.createFromArray(losses)
                .addi(regularization)
                .castTo(input.dataType())
                .reshape(losses.length, 1);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, perExample);
    }

    private double[] losses(Weights weights) {
        double[] losses = new double[weights.examples];
        Arrays.setAll(losses, i -> weights.loss(i, configuration().getBound()));
        return losses;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        lossesOfBackprop = null;
    }

    @Override
    public void setLabels(INDArray labels) {
        super.setLabels(labels);
        lossesOfBackprop = null;
    }

    /** A ComputationGraph sets the mask of the labels between backprop and score. */
    @Override
    public void setMaskArray(INDArray mask) {
        if (mask != maskArray) {
            lossesOfBackprop = null;
        }
        super.setMaskArray(mask);
    }

    /** The stock layer would free the memory of the labels, which belong to the caller. */
    @Override
    public void clear() {
        labels = null;
        input = null;
        maskArray = null;
        lossesOfBackprop = null;
    }
}
