package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.TrainingPass;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The networks of a training, each with the steps that train it. */
final class TrainedNetworks {

    private final Map<String, Model> models = new LinkedHashMap<>();
    private final Map<String, TrainingPass> passes = new LinkedHashMap<>();

    TrainedNetworks(Model encoder, Model decoder, Model latents, @Nullable Model categories) {
        put("encoder", encoder);
        put("decoder", decoder);
        put("latents", latents);
        if (categories != null) {
            put("categories", categories);
        }
    }

    private void put(String name, Model model) {
        models.put(name, model);
        passes.put(
                name,
                model instanceof MultiLayerNetwork stack
                        ? TrainingPass.of(stack)
                        : TrainingPass.of((ComputationGraph) model));
    }

    TrainingPass encoder() {
        return passes.get("encoder");
    }

    TrainingPass decoder() {
        return passes.get("decoder");
    }

    TrainingPass latents() {
        return passes.get("latents");
    }

    @Nullable
    TrainingPass categories() {
        return passes.get("categories");
    }

    Map<String, TrainingPass> passes() {
        return passes;
    }

    INDArray parameters(String name) {
        return models.get(name).params();
    }

    static String json(Model model) {
        return model instanceof MultiLayerNetwork stack
                ? stack.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) model).getConfiguration().toJson();
    }

    Map<String, Model> models() {
        return models;
    }
}
