package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.ExampleCount;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks what a {@link GaussianLatentLayer} needs from its input and from the other layers of its network. */
final class LatentSurroundings {

    private static final Logger log = LoggerFactory.getLogger(GaussianLatentLayer.class);

    private final NetworkConstruction network;
    private boolean lossChecked;

    LatentSurroundings(NetworkConstruction network) {
        this.network = network;
    }

    /**
     * Refuses inputs and networks that do not fit the layer; in training, warns once of a loss that is a mean.
     *
     * @param layer configuration of the layer
     * @param subject the layer, for messages
     * @param training whether the forward pass is one of training
     * @param input of the layer
     * @param mask of the input, or null
     * @param examples number of examples in the mini-batch
     */
    void require(
            GaussianLatentLayer layer,
            String subject,
            boolean training,
            INDArray input,
            INDArray mask,
            ExampleCount examples) {
        int samples = layer.getImportanceSamples();
        if (training) {
            examples.requireKnown(subject);
            warnOfMeanLoss();
        }
        if (training && samples > 0 && !hasMultiSampleLoss()) {
            throw new IllegalStateException(subject + ": importanceSamples = " + samples
                    + " needs a MultiSampleLossLayer as the output of a ComputationGraph, got another output layer;"
                    + " replace it, or omit importanceSamples");
        }
        requirePseudoInputs(layer.getPrior(), subject, input.size(0), examples);
        boolean rowsOnly = samples > 0 || layer.getPrior() instanceof LatentPrior.Vamp;
        if (rowsOnly && (input.rank() != 2 || mask != null)) {
            throw new DL4JInvalidInputException(subject + ": with importance samples or pseudo-inputs the input must be"
                    + " rows without a mask, got shape " + Arrays.toString(input.shape())
                    + (mask == null ? "" : " with a mask")
                    + "; reduce sequences to one vector first, as LastTimeStep does");
        }
    }

    /** A stock output layer would fail with a message about shapes. */
    private boolean hasMultiSampleLoss() {
        return network.find(MultiSampleLossLayerImpl.class).findAny().isPresent();
    }

    private static void requirePseudoInputs(LatentPrior prior, String subject, long rows, ExampleCount examples) {
        if (prior instanceof LatentPrior.Vamp vamp && examples.isCertain()) {
            long found = rows - examples.known();
            if (found != vamp.components()) {
                throw new DL4JInvalidInputException(subject + ": the prior " + vamp + " must find " + vamp.components()
                        + " pseudo-inputs after the " + examples.known() + " examples of the mini-batch, got " + found
                        + "; make a PseudoInputLayer with " + vamp.components() + " the first layer");
            }
        }
    }

    private void warnOfMeanLoss() {
        if (!lossChecked) {
            lossChecked = true;
            network.find(ILossFunction.class)
                    .map(LossReduction::warning)
                    .flatMap(Optional::stream)
                    .forEach(log::warn);
        }
    }
}
