package io.github.dl4jae.variational;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.internal.layer.ScheduleClock;
import io.github.dl4jae.internal.layer.ScheduledLayer;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
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
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The layer z = μ + σ ⊙ ε, which adds β·KL(q‖p) and its regularizers to the score.
 *
 * <p>Products with W are matrix products. Everything else is computed in float64 in Java arrays, because a code is
 * small compared to the other layers. Such arrays also outlive the workspaces of a forward pass.
 */
final class GaussianLatentLayerImpl extends ParameterLayer<GaussianLatentLayer>
        implements NetworkConstruction.ExampleScores, RowLayer, ScheduledLayer {

    // longer than 300 lines: the objectives of one layer share the arrays of a pass

    /** Indices of the noise within an iteration. */
    private static final int TRAINING = 0;

    private static final int INFERENCE = 1;
    private static final int REGULARIZERS = 2;

    /** The layer's part of the score; computed lazily at inference, where few callers read it, and null before that. */
    private @Nullable Double penalty = 0.0;

    private final RowStep.Source rowSteps = new RowStep.Source();
    private @Nullable LatentPass kept;
    private @Nullable GaussianPosterior lastPosterior;
    private double @Nullable [] lastSample;
    private long lastExamples;
    private final ScheduleClock clock = new ScheduleClock();
    private final LatentHeads heads;
    private final LatentSurroundings surroundings;

    GaussianLatentLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.heads = new LatentHeads((GaussianLatentLayer) conf.getLayer());
        this.surroundings = new LatentSurroundings(NetworkConstruction.register(this));
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        remember();
    }

    @Override
    public void setEpochCount(int epochCount) {
        super.setEpochCount(epochCount);
        remember();
    }

    @Override
    public ISchedule schedule() {
        return layerConf().getBeta();
    }

    @Override
    public ScheduleClock clock() {
        return clock;
    }

    @Override
    public TrainingTime reached() {
        return layerConf().reached();
    }

    @Override
    public void reach(TrainingTime time) {
        layerConf().reach(time);
    }

    private void remember() {
        if (clock.hasTrained()) {
            layerConf().reach(time(false));
        }
    }

    private TrainingTime time(boolean training) {
        return clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), training);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        surroundings.require(layerConf(), name(), training, input, maskArray, examples);
        examples.begin(training, exampleRows());
        trainingPass = training;
        if (training) {
            layerConf().reach(time(true));
        }
        applyDropOutIfNecessary(training, workspaces);
        int samples = Math.max(1, training ? layerConf().getImportanceSamples() : 1);
        double[] a = preActivations(input, training, workspaces); // [N,2n]
        int @Nullable [] present = present();
        GaussianPosterior all = heads.posterior(name(), a, params);
        GaussianPosterior q = present == null ? all : all.rows(present);
        boolean sampling = training || layerConf().isSampleAtInference();
        lastPosterior = q;
        lastSample = sampling ? q.sample(noise(training ? TRAINING : INFERENCE), samples) : null;
        lastExamples = examples();
        kept = training ? new LatentPass(lastCodes(), present, a) : null;
        double[] codes = sampling ? Objects.requireNonNull(lastSample) : q.sharedMean();
        if (layerConf().getImportanceSamples() > 0) {
            penalty = 0.0; // the log ratios contain it
            return output(withLogRatios(codes, q, training), present, workspaces);
        }
        penalty = training ? Double.valueOf(penalty(Objects.requireNonNull(kept).codes)) : null;
        return output(codes, present, workspaces);
    }

    private LatentCodes lastCodes() {
        return new LatentCodes(lastPosterior(), lastSample(), noise(REGULARIZERS));
    }

    /** At inference, sampled lazily: only some terms need samples. */
    private double[] lastSample() {
        double[] sample = lastSample;
        if (sample == null) {
            sample = lastPosterior().sample(noise(INFERENCE), 1);
            lastSample = sample;
        }
        return sample;
    }

    /** Returns P per example, or with {@code miniBatch(false)} of all examples. */
    private double penalty(LatentCodes codes) {
        int rows = codes.posterior().rows();
        if (rows == 0) {
            return 0; // all rows are masked
        }
        double value = KullbackLeibler.evaluate(
                codes, layerConf().betaAt(time(false)), layerConf().getFreeBits());
        for (LatentRegularizer regularizer : layerConf().getRegularizers()) {
            value += regularizer.evaluate(codes);
        }
        requireFinite("KL divergence", value);
        return value * rows / (conf.isMiniBatch() ? lastExamples : 1); // sequences have several rows per example
    }

    /** Appends ln p(z) − ln q(z|x) to each code, at inference −KL. */
    private double[] withLogRatios(double[] codes, GaussianPosterior q, boolean training) {
        int n = q.latents();
        int rows = codes.length / n;
        double[] divergence = training ? new double[0] : q.divergence(lastSample());
        double[] output = new double[rows * (n + 1)];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            System.arraycopy(codes, row * n, output, row * (n + 1), n);
            double ratio = training ? q.logRatio(row % q.rows(), codes, row * n) : -divergence[row];
            output[row * (n + 1) + n] = ratio;
            sum += ratio;
        }
        requireFinite("sum of the log ratios", sum);
        return output;
    }

    /** Returns the codes of all rows in the shape of the input, with 0 for masked rows. */
    private INDArray output(double[] codes, int @Nullable [] present, LayerWorkspaceMgr workspaces) {
        int width = (int) layerConf().outputs();
        double[] all = codes;
        if (present != null) {
            all = new double[(int) layerConf().unitAxis().toMatrix(input).size(0) * width];
            for (int i = 0; i < present.length; i++) {
                System.arraycopy(codes, i * width, all, present[i] * width, width);
            }
        }
        INDArray matrix = DoubleRows.matrix(all, width, dataType, ArrayType.ACTIVATIONS, workspaces);
        return inInputsShape(matrix, ArrayType.ACTIVATIONS, workspaces);
    }

    /** Returns the step μ = h·W_μ + b_μ. Pseudo-inputs, log ratios and samples need the whole pass. */
    @Override
    public @Nullable RowStep rowStep() {
        boolean isMean = !layerConf().isSampleAtInference()
                && layerConf().getImportanceSamples() == 0
                && !(layerConf().getPrior() instanceof LatentPrior.Vamp)
                && layerConf().getWeightNoise() == null;
        return isMean
                ? rowSteps.firstColumns(
                        getParam(GaussianLatentParamInitializer.WEIGHT),
                        getParam(GaussianLatentParamInitializer.BIAS),
                        layerConf().getNOut())
                : null;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null && trainingPass) {
            activate(true, workspaces);
        } else if (kept == null) {
            kept = inferencePass(workspaces);
        }
        double[] delta = new PreActivationGradient(layerConf(), Objects.requireNonNull(kept))
                .compute(DoubleRows.values(layerConf().unitAxis().toMatrix(epsilon)), gradientViews); // [N,2n]
        kept = null;
        Gradient gradient = new DefaultGradient();
        INDArray x = rows(input);
        int width = 2 * (int) layerConf().getNOut();
        INDArray deltas = DoubleRows.matrix(delta, width, dataType, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray W = getParamWithNoise(GaussianLatentParamInitializer.WEIGHT, true, workspaces);
        weightNoiseParams.clear();
        Products.weightGradient(x, deltas, gradientView(GaussianLatentParamInitializer.WEIGHT));
        deltas.sum(gradientView(GaussianLatentParamInitializer.BIAS), 0);
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, W.dataType(), x.shape(), 'c');
        Products.inputGradient(deltas, W, next); // [N,2n]·[2n,nIn] → [N,nIn]
        gradientViews.forEach(gradient.gradientForVariable()::put);
        INDArray below = inInputsShape(next, ArrayType.ACTIVATION_GRAD, workspaces);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(below) : below);
    }

    /** Returns the pass in a {@code FrozenLayerWithBackprop}: codes as at inference, and no terms of the score. */
    private LatentPass inferencePass(LayerWorkspaceMgr workspaces) {
        if (layerConf().getImportanceSamples() > 0) {
            throw new IllegalStateException(name()
                    + ": importanceSamples must not be set in a layer that passes gradients on while it is frozen, got "
                    + layerConf().getImportanceSamples()
                    + "; freeze it with TransferLearning, or omit importanceSamples");
        }
        double[] codes = layerConf().isSampleAtInference()
                ? lastSample()
                : lastPosterior().sharedMean();
        return new LatentPass(
                new LatentCodes(lastPosterior(), codes, noise(REGULARIZERS)),
                present(),
                preActivations(input, false, workspaces));
    }

    /** Returns the posteriors of the rows of an input, and the prior. */
    GaussianPosterior posterior(INDArray input) {
        return heads.posterior(name(), preActivations(input, false, LayerWorkspaceMgr.noWorkspaces()), params);
    }

    /** Returns h·W + b, {@code [N·2n]}. */
    private double[] preActivations(INDArray h, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = rows(h);
        INDArray W = getParamWithNoise(GaussianLatentParamInitializer.WEIGHT, training, workspaces);
        INDArray b = getParamWithNoise(GaussianLatentParamInitializer.BIAS, training, workspaces);
        if (x.size(1) != W.size(0)) {
            throw new DL4JInvalidInputException(name() + ": the input must have " + W.size(0) + " features, got "
                    + Arrays.toString(h.shape()) + "; set nIn to the width of the layer below");
        }
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        Products.forward(x, W, z); // [N,nIn]·[nIn,2n] → [N,2n]
        double[] a = DoubleRows.values(z);
        double[] bias = DoubleRows.values(b);
        for (int at = 0; at < a.length; at++) {
            a[at] += bias[at % bias.length];
        }
        return a;
    }

    private INDArray rows(INDArray h) {
        return layerConf().unitAxis().toMatrix(h).castTo(dataType);
    }

    private INDArray inInputsShape(INDArray matrix, ArrayType type, LayerWorkspaceMgr workspaces) {
        UnitAxis axis = layerConf().unitAxis();
        return input.rank() == 2 ? matrix : workspaces.dup(type, axis.fromMatrix(matrix, input), input.ordering());
    }

    /** Returns the indices of the rows that are not masked, or null without a mask. */
    private int @Nullable [] present() {
        if (maskArray == null) {
            return null;
        }
        double[] mask = DoubleRows.values(layerConf().unitAxis().positionMask(maskArray, input));
        return IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray();
    }

    /** Returns B. */
    private long examples() {
        return examples.of(exampleRows());
    }

    /** Returns the number of rows without pseudo-inputs. */
    private long exampleRows() {
        return layerConf().getPrior() instanceof LatentPrior.Vamp vamp
                ? input.size(0) - vamp.components()
                : input.size(0);
    }

    private NoiseStream noise(int index) {
        return NoiseStream.of(conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), index);
    }

    @Override
    public double score() {
        return penalty == null ? 0 : penalty;
    }

    @Override
    public Optional<double[]> scorePerExample() {
        boolean isMean = layerConf().getFreeBits() == 0
                && layerConf().getRegularizers().isEmpty()
                && layerConf().getImportanceSamples() == 0
                && conf.isMiniBatch();
        if (!isMean || lastPosterior == null || lastPosterior.rows() != lastExamples) {
            return Optional.empty(); // also with several rows per example
        }
        double beta = layerConf().betaAt(time(false));
        double[] scores = lastPosterior.divergence(lastSample());
        Arrays.setAll(scores, i -> beta * scores[i]);
        return Optional.of(scores);
    }

    private void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalStateException(name() + ": the " + name + " must be finite, got " + value
                    + "; check the features for NaN and very large values, or lower the learning rate");
        }
    }

    private GaussianPosterior lastPosterior() {
        return Objects.requireNonNull(lastPosterior);
    }

    private String name() {
        return LayerSubject.of(layerConf());
    }

    /** Returns the KL divergence per latent dimension in the last forward pass, in nats; null before the first. */
    double @Nullable [] divergencePerLatent() {
        return lastPosterior == null ? null : lastPosterior.divergencePerLatent(lastSample());
    }

    @Override
    protected void forget() {
        kept = null;
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        if (penalty == null) {
            penalty = penalty(lastCodes());
        }
        return super.calcRegularizationScore(backpropParamsOnly) + penalty;
    }

    @Override
    public boolean hasBias() {
        return true;
    }
}
