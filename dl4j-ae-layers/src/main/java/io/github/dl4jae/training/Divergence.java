package io.github.dl4jae.training;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The first place in a network where NaN or infinity appeared.
 *
 * @param layer the name of the layer or vertex
 * @param source the kind of array
 * @param variable the parameter, or an empty string for activations and scores
 */
record Divergence(String layer, TrainingDivergedException.Source source, String variable) {

    /** Finds the first parameter that is not finite. */
    static Divergence ofParameters(NetworkAdapter network) {
        List<String> names = NetworkLayers.names(network.model());
        Layer[] layers = network.layers();
        for (int i = 0; i < layers.length; i++) {
            for (Map.Entry<String, INDArray> parameter : layers[i].paramTable().entrySet()) {
                if (!FiniteArrays.isFinite(parameter.getValue())) {
                    String name = layers[i].conf().getLayer().getLayerName();
                    return new Divergence(
                            name == null ? names.get(i) : name,
                            TrainingDivergedException.Source.PARAMETER,
                            parameter.getKey());
                }
            }
        }
        throw new IllegalStateException("all parameters are finite");
    }

    /**
     * Finds the cause of a step whose score or gradient is not finite, although parameters and data are.
     *
     * @param variables the parameters whose gradient is not finite, such as {@code code_W}, in the order of the
     *     backward pass
     */
    static Divergence ofStep(NetworkAdapter network, MiniBatch minibatch, List<String> variables) {
        for (Map.Entry<String, INDArray> activation :
                network.activations(minibatch).entrySet()) {
            if (!FiniteArrays.isFinite(activation.getValue())) {
                return new Divergence(activation.getKey(), TrainingDivergedException.Source.ACTIVATION, "");
            }
        }
        if (!variables.isEmpty()) {
            int end = variables.get(0).lastIndexOf('_');
            return new Divergence(
                    variables.get(0).substring(0, end),
                    TrainingDivergedException.Source.GRADIENT,
                    variables.get(0).substring(end + 1));
        }
        List<String> names = NetworkLayers.names(network.model());
        return new Divergence(names.get(names.size() - 1), TrainingDivergedException.Source.SCORE, "");
    }

    /** Says what is not finite: {@code the gradient of parameter W of layer 'code'}. */
    @Override
    public String toString() {
        return switch (source) {
            case PARAMETER -> "parameter " + variable + " of layer '" + layer + "'";
            case GRADIENT -> "the gradient of parameter " + variable + " of layer '" + layer + "'";
            case ACTIVATION -> "an activation of layer '" + layer + "'";
            case SCORE -> "the score of layer '" + layer + "'";
        };
    }
}
