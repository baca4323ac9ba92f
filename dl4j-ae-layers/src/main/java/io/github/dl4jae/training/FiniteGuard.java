package io.github.dl4jae.training;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * A training listener that stops {@code fit} before NaN or infinity reaches the parameters.
 *
 * <p>After each backward pass and before the update, the guard requires a finite score and a finite gradient. Otherwise
 * {@code fit} throws, and parameters, updater state and counts remain those of the previous iteration:
 *
 * <ul>
 *   <li>{@link DL4JInvalidInputException} if the features or labels of the mini-batch contain NaN or infinity;
 *       the message names the array and the index;
 *   <li>{@link IllegalStateException} if they do not, because training has diverged; the message names the parameters
 *       whose gradient is not finite.
 * </ul>
 *
 * <p>NaN or infinity that affects neither score nor gradient is accepted, such as labels of examples that a loss masks
 * out. {@code ParallelWrapper} trains copies of the network, which this listener cannot see.
 *
 * <pre>{@code
 * network.setListeners(new FiniteGuard());
 * }</pre>
 *
 * <p>Cost: one sum over the gradient per iteration. A guard can be shared between networks. ND4J's {@code checkForNAN}
 * checks the result of every operation instead, which slows all of them.
 */
public final class FiniteGuard extends BaseTrainingListener {

    /** Creates a guard. */
    public FiniteGuard() {}

    @Override
    public void onGradientCalculation(Model model) {
        if (!isFinite(model)) {
            requireFiniteData(model);
            throw diverged(model);
        }
    }

    /** Returns whether score and gradient are finite. */
    static boolean isFinite(Model model) {
        INDArray gradient = model.gradient().gradient();
        return Double.isFinite(model.score()) && (gradient == null || FiniteArrays.isFinite(gradient));
    }

    static void requireFiniteData(Model model) {
        INDArray[] features = {model instanceof MultiLayerNetwork stack ? stack.getInput() : null};
        if (model instanceof ComputationGraph graph) {
            features = graph.getInputs();
        } else if (!(model instanceof MultiLayerNetwork)) {
            features[0] = model.input(); // a layer in pretraining
        }
        for (int i = 0; i < features.length; i++) {
            requireFinite(features.length == 1 ? "features" : "features " + i, features[i]);
        }
        NetworkLayers.of(model)
                .filter(IOutputLayer.class::isInstance)
                .map(IOutputLayer.class::cast)
                .forEach(output -> requireFinite(
                        "labels of output layer '" + output.conf().getLayer().getLayerName() + "'",
                        output.getLabels()));
    }

    private static void requireFinite(String what, INDArray array) {
        if (array != null && !FiniteArrays.isFinite(array)) {
            long index = FiniteArrays.firstBad(array);
            throw new DL4JInvalidInputException(
                    "FiniteGuard: " + what + " must be finite, got " + array.getDouble(index)
                            + " at " + Arrays.toString(Shape.ind2subC(array.shape(), index)) + " of shape "
                            + Arrays.toString(array.shape())
                            + "; clean the data, or impute or mask missing values; the parameters are those before"
                            + " this mini-batch");
        }
    }

    /** Returns the parameters whose gradient is not finite, in the order of the backward pass. */
    static List<String> variables(Model model) {
        return model.gradient().gradientForVariable().entrySet().stream()
                .filter(entry -> !FiniteArrays.isFinite(entry.getValue()))
                .map(entry -> named(model, entry.getKey()))
                .toList();
    }

    private static IllegalStateException diverged(Model model) {
        List<String> variables = variables(model);
        return new IllegalStateException("FiniteGuard: score and gradient must be finite, got score " + model.score()
                + " and "
                + (variables.isEmpty() ? "a finite gradient" : "a gradient that is not finite for " + variables)
                + ", although the data are finite; lower the learning rate, or clip gradients"
                + " (gradientNormalization); the parameters are those before this mini-batch");
    }

    /** Replaces the layer index in names such as 1_W, which {@code MultiLayerNetwork} gives, by the layer's name. */
    private static String named(Model model, String variable) {
        int end = variable.indexOf('_');
        return model instanceof MultiLayerNetwork && end > 0
                ? NetworkLayers.names(model).get(Integer.parseInt(variable.substring(0, end))) + variable.substring(end)
                : variable;
    }
}
