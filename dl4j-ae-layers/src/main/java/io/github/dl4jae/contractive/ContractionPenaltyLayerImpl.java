package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** [h₀; h₁] → h₀, score += λ/(Bσ²)·Σ‖h₁ − h₀‖². */
final class ContractionPenaltyLayerImpl extends ParameterFreeLayer<ContractionPenaltyLayer> implements RowLayer {

    private static final Logger log = LoggerFactory.getLogger(ContractionPenaltyLayerImpl.class);

    private final ContractionOpening opening;
    /** Cached as a number because the forward-pass arrays are released before the score is read. */
    private double penalty;

    private boolean warned;

    ContractionPenaltyLayerImpl(NeuralNetConfiguration conf, DataType dataType, ContractionOpening opening) {
        super(conf, dataType);
        this.opening = opening;
        NetworkConstruction.register(this);
    }

    ContractionOpening opening() {
        return opening;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        penalty = 0;
        int copies = opening.copies();
        requireAllRows(copies);
        long[] shape = input.shape().clone();
        shape[0] /= copies;
        examples.begin(training, shape[0]);
        INDArray rows = copies(input, copies);
        trainingPass = training;
        if (training && copies == 1) {
            warnOfFrozenOpening();
        } else if (training) {
            examples.requireKnown("EncoderContraction '" + layerConf().getPair() + "'");
            INDArray d = difference(rows, 0);
            double sum = layerConf().getContraction() * squared(d);
            if (copies == 4) {
                sum += layerConf().getHigherOrder() * squared(d.sub(difference(rows, 2)));
            }
            penalty = sum / examples.of(shape[0]);
        }
        return workspaces
                .createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c')
                .assign(rows.getRow(0).reshape('c', shape));
    }

    @Override
    public RowStep rowStep() {
        return RowStep.IDENTITY;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int copies = opening.copies();
        if (copies == 1) {
            return new Pair<>(
                    new DefaultGradient(), workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering()));
        }
        INDArray rows = copies(input, copies);
        INDArray gradient =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
        INDArray gradients = gradient.reshape('c', rows.shape()); // a view
        if (!trainingPass) { // this end is frozen: it passes on the examples and adds nothing
            gradients.assign(0);
            gradients.getRow(0).assign(epsilon.dup('c').reshape(input.length() / copies));
            return new Pair<>(new DefaultGradient(), gradient);
        }
        // ε belongs to a score summed over examples; for a mean, the updater divides parameter gradients later
        double scale = 2 / layerConf().getProbe() / (conf.isMiniBatch() ? 1 : examples.of(input.size(0) / copies));
        INDArray d = difference(rows, 0);
        INDArray first = d.mul(scale * layerConf().getContraction());
        if (copies == 4) {
            INDArray second =
                    d.sub(difference(rows, 2)).muli(scale * layerConf().getHigherOrder());
            first.addi(second);
            gradients.getRow(2).assign(second);
            gradients.getRow(3).assign(second.neg());
        }
        gradients.getRow(0).assign(epsilon.dup('c').reshape(first.shape()).subi(first));
        gradients.getRow(1).assign(first);
        return new Pair<>(new DefaultGradient(), gradient);
    }

    private void warnOfFrozenOpening() {
        if (!warned) {
            log.warn(
                    "EncoderContraction '{}': its opening end is frozen, so it makes no copies and adds nothing to"
                            + " the score",
                    layerConf().getPair());
            warned = true;
        }
    }

    /** Preprocessors that convert between time steps and rows put copies and originals in another order. */
    private void requireAllRows(int copies) {
        if (copies > 1 && input.size(0) != opening.rows()) {
            throw new DL4JInvalidInputException("EncoderContraction '"
                    + layerConf().getPair()
                    + "': examples must stay rows between its ends, got " + opening.rows() + " rows at the opening and "
                    + input.size(0) + " at the closing end; move layers that read time steps as rows, such as a dense"
                    + " layer after a recurrent one, out of the contraction");
        }
    }

    /** Returns one row for each copy of the mini-batch, with zeros in masked positions. */
    private INDArray copies(INDArray h, int copies) {
        INDArray rows = h.dup('c');
        if (maskArray != null) {
            INDArray matrix = layerConf().unitAxis().toMatrix(rows);
            INDArray mask = layerConf().unitAxis().positionMask(maskArray.castTo(h.dataType()), h);
            rows = layerConf()
                    .unitAxis()
                    .fromMatrix(matrix.mulColumnVector(mask), h)
                    .dup('c');
        }
        return rows.reshape('c', copies, h.length() / copies);
    }

    /** Returns D of two copies. */
    private INDArray difference(INDArray rows, int from) {
        return rows.getRow(from + 1).sub(rows.getRow(from)).divi(layerConf().getProbe());
    }

    private static double squared(INDArray d) {
        return d.mul(d).sumNumber().doubleValue();
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        return penalty;
    }

    /** Returns the mask of the examples; the layer's own mask remains that of all copies. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int minibatchSize) {
        super.feedForwardMaskArray(mask, state, minibatchSize);
        return new Pair<>(mask == null ? null : firstRows(mask, mask.size(0) / opening.copiesInTraining()), state);
    }

    private static INDArray firstRows(INDArray mask, long count) {
        return mask.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
    }
}
