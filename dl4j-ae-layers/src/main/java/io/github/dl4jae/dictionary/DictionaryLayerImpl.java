package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ScheduleClock;
import io.github.dl4jae.internal.layer.ScheduledLayer;
import io.github.dl4jae.internal.layer.ScoredOutputLayer;
import io.github.dl4jae.internal.layer.TrainingTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.TrainingConfig;
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
import org.nd4j.linalg.schedule.ISchedule;

/** The implementation of {@link DictionaryLayer}. The arithmetic is that of {@link DictionaryPass}. */
final class DictionaryLayerImpl extends ScoredOutputLayer<DictionaryLayer> implements ScheduledLayer {

    /** The number of examples from which the tanh objective counts a unit as dead, where no revival says so. */
    private static final long DEAD_AFTER = 1_000_000;

    private final ScheduleClock clock = new ScheduleClock();
    private final PreActivations memory = new PreActivations();
    private final LazyTrainingConfig trainingConfig;
    private @Nullable DictionaryGradients gradients;
    /** What the last training pass has seen, for resampling. */
    private @Nullable Seen seen;

    DictionaryLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.trainingConfig = new LazyTrainingConfig(layerConf(), this::activeUnits);
    }

    /** The inputs of the encoder and the loss of each example. */
    @SuppressWarnings("ArrayRecordComponent") // private, and never compared
    private record Seen(RowVector[] inputs, double[] losses) {}

    private int[] activeUnits() {
        return gradients == null ? new int[0] : gradients.active();
    }

    private int[] allUnits() {
        return IntStream.range(0, layerConf().getUnits()).toArray();
    }

    /** Adam works on the rows of active units only. */
    @Override
    public TrainingConfig getConfig() {
        return trainingConfig;
    }

    /** Backprop divides by the mini-batch itself, which spares a pass over all parameters. */
    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return false;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        super.setBackpropGradientsViewArray(view);
        gradients = null;
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

    private void remember() {
        if (clock.hasTrained()) {
            layerConf().reach(now());
        }
    }

    @Override
    public ISchedule schedule() {
        return layerConf().getEncoder().sparsity();
    }

    @Override
    public ScheduleClock clock() {
        return clock;
    }

    /** Returns the time of an inference now. */
    TrainingTime now() {
        return clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), false);
    }

    @Override
    public TrainingTime reached() {
        return layerConf().reached();
    }

    @Override
    public void reach(TrainingTime time) {
        layerConf().reach(time);
    }

    /** Runs the encoder on the input. */
    private DictionaryPass pass(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        DenseChecks.requireInput(layerConf(), input, getIndex());
        applyDropOutIfNecessary(training, workspaces);
        TrainingTime now = clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), training);
        if (training) {
            layerConf().reach(now);
        }
        DictionaryEncoder encoder = layerConf().getEncoder();
        double sparsity = encoder.sparsityAt(now);
        encoder.requireFits(
                LayerSubject.of(layerConf()),
                sparsity,
                "at iteration " + now.iteration(),
                layerConf().getUnits());
        requireMask();
        double[] mask =
                maskArray == null ? null : maskArray.reshape(maskArray.length()).toDoubleVector();
        int examples = mask == null
                ? (int) input.size(0)
                : (int) Arrays.stream(mask).filter(m -> m != 0).count();
        PassContext context = new PassContext(
                params, sparsity, training, Math.max(1, examples), training ? deadUnits() : DeadUnits.NONE);
        return DictionaryPass.of(layerConf(), new DictionaryBatch(layerConf(), context, input, mask), memory);
    }

    /** Returns the dead units, for losses that depend on them. */
    private DeadUnits deadUnits() {
        Revival revival = layerConf().getRevival();
        if (!(revival instanceof AuxiliaryLoss) && !layerConf().getEncoder().chargesDeadUnits()) {
            return DeadUnits.NONE;
        }
        return DeadUnits.of(
                getParam(DictionaryParamInitializer.IDLE), revival == null ? DEAD_AFTER : revival.deadAfter());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray reconstruction = pass(training, workspaces).reconstruction();
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, reconstruction);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        INDArray output = activate(training, workspaces);
        return new Pair<>(output, output);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        DictionaryPass pass = pass(true, workspaces);
        requireLabels();
        if (gradients == null) {
            gradients = new DictionaryGradients(gradientViews, trainingConfig.isLazy());
        }
        double scale = conf().isMiniBatch() ? 1.0 / getInputMiniBatchSize() : 1;
        INDArray next = workspaces.create(
                ArrayType.ACTIVATION_GRAD,
                getParam(DictionaryParamInitializer.DECODER).dataType(),
                input.shape(),
                'c');
        DictionaryPass.Loss loss = pass.backward(labels, gradients, scale, next);
        lossOfBackprop.keep(loss.sum());
        updateState(pass);
        seen = layerConf().getRevival() instanceof Resampling
                ? new Seen(pass.batch.rows(), loss.reconstruction())
                : null;
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach(gradient.gradientForVariable()::put);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    /** Notes which units have fired, and updates the encoder's threshold for inference. */
    private void updateState(DictionaryPass pass) {
        PairList pairs = pass.pairs();
        boolean[] fired = new boolean[pairs.units()];
        for (int p = 0; p < pairs.size(); p++) {
            fired[pairs.unit(p)] |= pairs.value(p) != 0;
        }
        RowMatrix idle = RowMatrix.of(getParam(DictionaryParamInitializer.IDLE));
        RowVector examples = idle.vector();
        idle.read(0, examples);
        for (int j = 0; j < fired.length; j++) {
            examples.set(j, fired[j] ? 0 : examples.get(j) + pass.context.examples());
        }
        idle.write(0, examples);
        if (!layerConf().getEncoder().stateParameters().isEmpty()) {
            INDArray threshold = getParam(BatchTopKEncoder.THRESHOLD);
            INDArray rest = getParam(BatchTopKEncoder.THRESHOLD_REST);
            double next = pass.nextState(threshold.getDouble(0) + rest.getDouble(0));
            threshold.putScalar(0, next);
            rest.putScalar(0, next - threshold.getDouble(0));
        }
    }

    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        DictionaryConstraints.apply(layerConf(), params, trainingConfig.isLazy() ? activeUnits() : allUnits());
        if (seen != null && layerConf().getRevival() instanceof Resampling resampling) {
            int[] revived = Resampler.revive(
                    layerConf(), resampling, params, iteration, conf().getSeed(), seen.inputs(), seen.losses());
            trainingConfig.reset(revived);
            seen = null;
        }
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr workspaces) {
        double sum = lossOfBackprop.take(training, () -> {
            requireLabels();
            return pass(training, workspaces)
                    .loss(Objects.requireNonNull(labels))
                    .sum();
        });
        return scoreOf(sum, regularization);
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
        requireLabels();
        DictionaryPass.Loss loss = pass(false, workspaces).loss(labels);
        double[] scores = new double[loss.reconstruction().length];
        Arrays.setAll(scores, b -> loss.reconstruction()[b] + loss.penalty()[b] + regularization);
        return Nd4j.createFromArray(scores).castTo(labels.dataType()).reshape(scores.length, 1);
    }

    private void requireMask() {
        if (maskArray != null && maskArray.length() != input.size(0)) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the mask must have the shape ["
                    + input.size(0) + ", 1], got " + Arrays.toString(maskArray.shape())
                    + "; it excludes examples, not single features");
        }
    }

    private void requireLabels() {
        String subject = LayerSubject.of(layerConf());
        if (labels == null) {
            throw new DL4JInvalidInputException(
                    subject + ": labels must be set, got none; a dictionary's labels are its features");
        }
        long[] expected = {input.size(0), layerConf().getNOut()};
        if (!Arrays.equals(labels.shape(), expected)) {
            throw new DL4JInvalidInputException(subject + ": labels must have the shape " + Arrays.toString(expected)
                    + ", got " + Arrays.toString(labels.shape())
                    + "; a dictionary's labels are its features, or the activations of another layer");
        }
    }
}
