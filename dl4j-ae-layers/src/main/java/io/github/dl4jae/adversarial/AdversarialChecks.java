package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Checks of networks and data before training. */
final class AdversarialChecks {

    private AdversarialChecks() {}

    static <M extends Model> M requireNetwork(String subject, String name, @Nullable M network) {
        M given = Require.given(subject, name, network, "");
        boolean initialized = given instanceof MultiLayerNetwork stack
                ? stack.isInitCalled()
                : given instanceof ComputationGraph graph && graph.params() != null;
        Require.that(
                given instanceof MultiLayerNetwork || given instanceof ComputationGraph,
                subject,
                name + " must be a MultiLayerNetwork or a ComputationGraph",
                given.getClass().getName(),
                "");
        Require.that(initialized, subject, name + " must be initialized", "none", "call init() on it first");
        return given;
    }

    private static ForwardPass pass(Model network) {
        return network instanceof MultiLayerNetwork stack
                ? ForwardPass.of(stack)
                : ForwardPass.of((ComputationGraph) network);
    }

    /** Refuses networks that do not fit together. */
    static void requireFit(AdversarialOptions options) {
        requireOneInput("encoder", options.encoder());
        requireOneInput("decoder", options.decoder());
        requireOneInput("discriminator", options.latentDiscriminator());
        requireOutputLayer("encoder", options.encoder(), false);
        requireOutputLayer("decoder", options.decoder(), true);
        requireOutputLayer("discriminator", options.latentDiscriminator(), false);
        requireLogit(
                "discriminator", options.latentDiscriminator(), options.mode().latents());
        Model categories = options.categoryDiscriminator();
        if (categories != null) {
            requireOneInput("categoryDiscriminator", categories);
            requireOutputLayer("categoryDiscriminator", categories, false);
            requireLogit("categoryDiscriminator", categories, options.mode().categories());
        }
    }

    private static void requireOneInput(String name, Model network) {
        ForwardPass pass = pass(network);
        if (pass.inputs().size() != 1 || pass.outputs().size() != 1) {
            throw new DL4JInvalidConfigException("AdversarialAutoencoder: the " + name
                    + " must have one input and one output, got "
                    + pass.inputs().size() + " and "
                    + pass.outputs().size());
        }
    }

    private static void requireOutputLayer(String name, Model network, boolean wanted) {
        ForwardPass pass = pass(network);
        if (pass.layer(pass.outputs().get(0)) instanceof IOutputLayer != wanted) {
            throw new DL4JInvalidConfigException("AdversarialAutoencoder: the " + name
                    + (wanted
                            ? " must end in an output layer, got none; its loss is the reconstruction error"
                            : " must not end in an output layer, got one; the trainer computes its loss"));
        }
    }

    private static void requireLogit(String name, Model network, int inputs) {
        INDArray probe = Nd4j.zeros(network.params().dataType(), 2, inputs);
        INDArray output = output(name, network, probe);
        if (output.rank() != 2 || output.size(1) != 1) {
            throw new DL4JInvalidConfigException("AdversarialAutoencoder: the " + name
                    + " must have one output, the logit, got shape " + Arrays.toString(output.shape()));
        }
    }

    /** Refuses examples for which the networks do not fit. */
    static void requireExamples(AdversarialOptions options, INDArray examples) {
        INDArray probe = examples.get(NDArrayIndex.interval(0, 1))
                .castTo(options.encoder().params().dataType())
                .dup('c');
        INDArray output = output("encoder", options.encoder(), probe);
        int wanted = options.heads().outputs();
        if (output.rank() != 2 || output.size(1) != wanted) {
            throw new DL4JInvalidConfigException("AdversarialAutoencoder: the encoder must have " + wanted
                    + " outputs for " + options.mode() + " with " + options.posterior() + ", got shape "
                    + Arrays.toString(output.shape()));
        }
        INDArray codes = Nd4j.zeros(
                options.decoder().params().dataType(),
                1,
                options.mode().categories() + options.mode().latents());
        INDArray decoded = output("decoder", options.decoder(), codes);
        if (!Arrays.equals(decoded.shape(), probe.shape())) {
            throw new DL4JInvalidConfigException("AdversarialAutoencoder: the decoder must return the shape of an"
                    + " example, " + Arrays.toString(probe.shape()) + ", got " + Arrays.toString(decoded.shape()));
        }
        if (!FiniteArrays.isFinite(examples)) {
            throw new DL4JInvalidInputException(
                    "AdversarialAutoencoder: examples must be finite, got NaN or infinity; check the data");
        }
    }

    private static INDArray output(String name, Model network, INDArray probe) {
        try {
            return network instanceof MultiLayerNetwork stack
                    ? stack.output(probe, false)
                    : ((ComputationGraph) network).output(false, probe)[0];
        } catch (RuntimeException e) {
            DL4JInvalidConfigException failure = new DL4JInvalidConfigException("AdversarialAutoencoder: the " + name
                    + " must accept shape " + Arrays.toString(probe.shape()) + ", got an error: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    static void requireLabels(AdversarialMode mode, int[] labels, long examples) {
        Require.that(
                mode instanceof AdversarialMode.SemiSupervised,
                "AdversarialAutoencoder",
                "labels need the mode SemiSupervised",
                mode,
                "leave the labels out");
        Require.that(
                labels.length == examples,
                "AdversarialAutoencoder",
                "there must be one label per example",
                labels.length + " for " + examples + " examples",
                "use −1 for an example without a label");
        for (int label : labels) {
            Require.that(
                    label >= -1 && label < mode.categories(),
                    "AdversarialAutoencoder",
                    "labels must be in [0, " + (mode.categories() - 1) + "], or −1 for none",
                    label,
                    "");
        }
        Require.that(
                Arrays.stream(labels).anyMatch(label -> label >= 0),
                "AdversarialAutoencoder",
                "at least one example must have a label",
                "none",
                "use the mode Clustering");
    }
}
