package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.StraightThrough;
import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link VectorQuantizationLayer}.
 *
 * <p>Backprop keeps the mini-batch, and the codebook follows it in {@link #applyConstraints}, after the step: score and
 * gradient of one step belong to one codebook. A first training pass sets the codebook, so that it quantizes with codes
 * that stand for something.
 */
final class VectorQuantizationLayerImpl extends ParameterLayer<VectorQuantizationLayer>
        implements StraightThrough, CodedLayer {

    private final HeldSurrogate<ResidualCodes> surrogate = new HeldSurrogate<>();
    private @Nullable ResidualCodes kept;
    /** What the codebook has to follow after the step. */
    private @Nullable ResidualCodes pending;

    private int @Nullable [] lastIndices;
    private double commitment;

    VectorQuantizationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        String subject = LayerSubject.of(layerConf());
        PositionRows.require(subject, unitAxis(), input, layerConf().getNIn());
        if (training) {
            examples.requireKnown(subject);
        }
        trainingPass = training;
        examples.begin(training, input.size(0));
        applyDropOutIfNecessary(training, workspaces);
        PositionRows positions = positions();
        double[] z = positions.of(input);
        ResidualCodes codes = surrogate.isSet() ? surrogate.constants().movedTo(z) : quantize(z, training);
        surrogate.offer(codes);
        kept = codes;
        lastIndices = training ? codes.indices() : lastIndices;
        long perScore = conf.isMiniBatch() ? examples.of(input.size(0)) : 1;
        commitment = layerConf().getCommitment() * codes.squaredDistance() / perScore;
        return positions.array(codes.vectors(), dataType, ArrayType.ACTIVATIONS, workspaces);
    }

    private ResidualCodes quantize(double[] z, boolean training) {
        Codebook codebook = table();
        if (training && codebook.isUntouched()) {
            codebook.start(z, conf.getSeed());
            codebook.write(params);
        }
        return codebook.quantize(z);
    }

    private PositionRows positions() {
        return new PositionRows(unitAxis(), input, maskArray);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null) {
            activate(trainingPass, workspaces);
        }
        PositionRows positions = positions();
        double[] next = positions.of(epsilon);
        if (trainingPass && kept != null) {
            double[] residuals = kept.residualSum();
            for (int i = 0; i < next.length; i++) {
                next[i] += 2 * layerConf().getCommitment() * residuals[i];
            }
            pending = surrogate.isSet() ? null : kept;
        }
        kept = null;
        Gradient gradient = new DefaultGradient();
        gradientViews.forEach((key, view) -> gradient.setGradientFor(key, view.assign(0)));
        INDArray below = positions.array(next, dataType, ArrayType.ACTIVATION_GRAD, workspaces);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(below) : below);
    }

    /** Lets the codebook follow the mini-batch of the step. */
    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        if (pending != null) {
            Codebook codebook = table();
            codebook.follow(pending, layerConf().getDecay());
            codebook.startMore(pending, conf.getSeed() + iteration);
            NoiseStream noise =
                    NoiseStream.of(conf.getSeed(), String.valueOf(layerConf().getLayerName()));
            codebook.expire(pending, layerConf().getExpiry(), noise, iteration, epoch);
            codebook.write(params);
            pending = null;
        }
    }

    @Override
    public Codebook table() {
        return Codebook.read(layerConf(), params);
    }

    @Override
    public UnitAxis unitAxis() {
        return layerConf().unitAxis();
    }

    @Override
    public int @Nullable [] lastIndices() {
        return lastIndices;
    }

    @Override
    public void holdSurrogate() {
        surrogate.hold();
    }

    @Override
    public void releaseSurrogate() {
        surrogate.release();
    }

    @Override
    protected void forget() {
        kept = null;
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        return super.calcRegularizationScore(backpropParamsOnly) + commitment;
    }

    @Override
    public boolean hasBias() {
        return false;
    }
}
