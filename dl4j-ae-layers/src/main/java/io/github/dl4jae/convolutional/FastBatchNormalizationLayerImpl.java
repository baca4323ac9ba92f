package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.BatchStatistics;
import io.github.dl4jae.internal.kernel.ImageRows;
import io.github.dl4jae.internal.layer.KeptArrays;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link FastBatchNormalizationLayer}. */
final class FastBatchNormalizationLayerImpl extends BatchNormalization {

    /** The smallest running variance that has a logarithm in float32. */
    private static final double SMALLEST_VARIANCE = 1e-30;

    private final boolean channelsFirst;
    private final int channels;
    /** The input as rows, from a forward pass in training. */
    private @Nullable INDArray x;
    /** μ and v of the last forward pass. */
    private @Nullable BatchStatistics statistics;

    /** Whether they are those of the batch. */
    private boolean ofBatch = true;

    FastBatchNormalizationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        channelsFirst = layerConf().getCnn2DFormat() == CNN2DFormat.NCHW;
        channels = Math.toIntExact(layerConf().getNOut());
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        forget();
    }

    @Override
    public void clear() {
        super.clear();
        forget();
    }

    private void forget() {
        x = null;
        statistics = null;
    }

    private int channelDimension() {
        return input.rank() == 2 || channelsFirst ? 1 : 3;
    }

    private void requireInput() {
        boolean fits = (input.rank() == 2 || input.rank() == 4) && input.size(channelDimension()) == channels;
        if (!fits || input.isEmpty()) {
            throw new DL4JInvalidInputException(
                    LayerSubject.of(layerConf()) + ": the input must have the shape [batch, "
                            + channels + "] or "
                            + (channelsFirst
                                    ? "[batch, " + channels + ", height, width]"
                                    : "[batch, height, width, " + channels + "]")
                            + ", got " + Arrays.toString(input.shape())
                            + (input.isEmpty()
                                    ? "; leave out empty mini-batches"
                                    : "; set the network's input type, and nOut to the channels of the layer below"));
        }
    }

    /** Returns features, or images with channels last, as rows in 'c' order. */
    private INDArray rows(INDArray array, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray values = array.castTo(dataType);
        if (values.rank() == 4) {
            return ImageRows.of(values, channelsFirst, type, workspaces);
        }
        boolean contiguous = values.stride(1) == 1 && values.stride(0) == values.size(1);
        return contiguous && values.ordering() == 'c' ? values : workspaces.dup(type, values, 'c');
    }

    /** Returns whether rows are left out of the statistics: those of masked time steps. */
    private boolean isMasked() {
        return maskArray != null && input.rank() == 2;
    }

    private INDArray mask() {
        return maskArray.castTo(dataType).reshape(maskArray.length(), 1);
    }

    /** Returns the rows that the mask keeps. */
    private INDArray present(INDArray rows) {
        double[] mask = maskArray.dup('c').castTo(DataType.DOUBLE).data().asDouble();
        return Nd4j.pullRows(
                rows,
                1,
                IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray());
    }

    private INDArray likeInput(INDArray rows) {
        int height = channelsFirst ? 2 : 1;
        return input.rank() == 2
                ? rows
                : ImageRows.asImages(rows, input.size(height), input.size(height + 1), channelsFirst);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireInput();
        INDArray rows = rows(input, ArrayType.ACTIVATIONS, workspaces);
        boolean ofBatch = training && (!isMasked() || maskArray.sumNumber().doubleValue() > 0);
        BatchStatistics statistics = ofBatch
                ? BatchStatistics.of(isMasked() ? present(rows) : rows, channels)
                : new BatchStatistics(mean(), variance());
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, rows.shape(), 'c');
        double[] scale = gamma();
        double[] deviation = deviation(statistics);
        for (int c = 0; c < channels; c++) {
            scale[c] /= deviation[c];
        }
        statistics.normalize(rows, scale, beta(), y);
        this.ofBatch = ofBatch;
        this.statistics = statistics;
        this.x = training ? rows : null;
        return likeInput(y);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (statistics == null) {
            activate(ofBatch, workspaces);
        }
        BatchStatistics statistics = Objects.requireNonNull(this.statistics);
        INDArray rows = x != null && KeptArrays.areAlive(x) ? x : rows(input, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray error = rows(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
        if (isMasked()) {
            error = error.mulColumnVector(mask());
        }
        double[][] sums = statistics.errorSums(rows, error);
        double count = isMasked() ? maskArray.sumNumber().doubleValue() : (double) rows.length() / channels;
        double[] gamma = gamma();
        double[] deviation = deviation(statistics);
        double[] gammaGradient = new double[channels];
        double[] ofError = new double[channels];
        double[] ofValue = new double[channels];
        double[] constant = new double[channels];
        for (int c = 0; c < channels; c++) {
            gammaGradient[c] = sums[1][c] / deviation[c];
            ofError[c] = gamma[c] / deviation[c];
            if (ofBatch) {
                ofValue[c] = -ofError[c] * gammaGradient[c] / (count * deviation[c]);
                constant[c] = -ofError[c] * sums[0][c] / count;
            }
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, rows.shape(), 'c');
        statistics.backprop(rows, error, ofError, ofValue, constant, dx);
        if (isMasked()) {
            dx.muliColumnVector(mask());
        }
        Gradient gradient = new DefaultGradient();
        if (!layerConf().isLockGammaBeta()) {
            write(gammaGradient, BatchNormalizationParamInitializer.GAMMA, gradient);
            write(sums[0], BatchNormalizationParamInitializer.BETA, gradient);
        }
        writeSteps(statistics, gradient);
        x = null;
        return new Pair<>(gradient, likeInput(dx));
    }

    /** Writes what the update subtracts from the running mean and variance. */
    private void writeSteps(BatchStatistics batch, Gradient gradient) {
        double[] meanStep = new double[channels];
        double[] varianceStep = new double[channels];
        if (ofBatch) {
            double decay = layerConf().isMinibatch() ? layerConf().getDecay() : 0;
            double[] mean = mean();
            double[] variance = variance();
            for (int c = 0; c < channels; c++) {
                meanStep[c] = (mean[c] - batch.mean(c)) * (1 - decay);
                double next = decay * variance[c] + (1 - decay) * batch.variance(c);
                varianceStep[c] = layerConf().isUseLogStd() ? log10(variance[c]) - log10(next) : variance[c] - next;
            }
        }
        write(meanStep, BatchNormalizationParamInitializer.GLOBAL_MEAN, gradient);
        write(varianceStep, varianceKey(), gradient);
    }

    /** Returns log10 of the standard deviation. */
    private static double log10(double variance) {
        return Math.log10(Math.max(variance, SMALLEST_VARIANCE)) / 2;
    }

    private double[] deviation(BatchStatistics statistics) {
        double[] deviation = new double[channels];
        for (int c = 0; c < channels; c++) {
            deviation[c] = Math.sqrt(statistics.variance(c) + layerConf().getEps());
        }
        return deviation;
    }

    private String varianceKey() {
        return layerConf().isUseLogStd()
                ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
                : BatchNormalizationParamInitializer.GLOBAL_VAR;
    }

    private double[] mean() {
        return values(BatchNormalizationParamInitializer.GLOBAL_MEAN);
    }

    private double[] variance() {
        double[] variance = values(varianceKey());
        if (layerConf().isUseLogStd()) {
            for (int c = 0; c < channels; c++) {
                variance[c] = Math.pow(10, 2 * variance[c]);
            }
        }
        return variance;
    }

    private double[] gamma() {
        return layerConf().isLockGammaBeta()
                ? constant(layerConf().getGamma())
                : values(BatchNormalizationParamInitializer.GAMMA);
    }

    private double[] beta() {
        return layerConf().isLockGammaBeta()
                ? constant(layerConf().getBeta())
                : values(BatchNormalizationParamInitializer.BETA);
    }

    private double[] constant(double value) {
        double[] values = new double[channels];
        Arrays.fill(values, value);
        return values;
    }

    private double[] values(String key) {
        return getParam(key).dup('c').data().asDouble();
    }

    private void write(double[] values, String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(gradientViews.get(key), key);
        view.assign(Nd4j.createFromArray(values).reshape(view.shape()));
        gradient.setGradientFor(key, view);
    }
}
