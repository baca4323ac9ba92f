package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.TrainingPass;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The networks of a training, each with the steps that train it; categories are null if the mode has none. */
record TrainedNetworks(
        Part encoder, Part decoder, Part latents, @Nullable Part categories) {

    /** A network, and its name in checkpoints and messages. */
    record Part(String name, Model model, TrainingPass pass) {

        INDArray parameters() {
            return model.params();
        }

        String json() {
            return model instanceof MultiLayerNetwork stack
                    ? stack.getLayerWiseConfigurations().toJson()
                    : ((ComputationGraph) model).getConfiguration().toJson();
        }
    }

    static TrainedNetworks of(AdversarialOptions options) {
        Model ofCategories = options.categoryDiscriminator();
        return new TrainedNetworks(
                part("encoder", options.encoder()),
                part("decoder", options.decoder()),
                part("latents", options.latentDiscriminator()),
                ofCategories == null ? null : part("categories", ofCategories));
    }

    private static Part part(String name, Model model) {
        return new Part(
                name,
                model,
                model instanceof MultiLayerNetwork stack
                        ? TrainingPass.of(stack)
                        : TrainingPass.of((ComputationGraph) model));
    }

    List<Part> all() {
        return categories == null ? List.of(encoder, decoder, latents) : List.of(encoder, decoder, latents, categories);
    }
}
