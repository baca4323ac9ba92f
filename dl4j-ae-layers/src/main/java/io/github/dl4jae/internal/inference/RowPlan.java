package io.github.dl4jae.internal.inference;

import io.github.dl4jae.internal.kernel.Blas;
import io.github.dl4jae.internal.kernel.RowChain;
import io.github.dl4jae.internal.kernel.RowStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.DropoutLayer;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.LossLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The forward pass of a chain of layers for rows, without Deeplearning4j's bookkeeping. It sets no inputs on layers, so
 * it leaves the network as it is and needs no lock.
 *
 * <p>Each call asks the layers for their current parameters, so a plan never becomes outdated. Threads can share it.
 */
public final class RowPlan {

    private final ForwardPass pass;
    private final Predicate<InputPreProcessor> isIdentity;
    private final List<Integer> places;

    private RowPlan(ForwardPass pass, Predicate<InputPreProcessor> isIdentity, List<Integer> places) {
        this.pass = pass;
        this.isIdentity = isIdentity;
        this.places = places;
    }

    /**
     * Returns the plan of the layers between two places.
     *
     * @param pass the network
     * @param from the place whose value is given
     * @param to the place whose value is computed
     * @param isIdentity whether a preprocessor changes nothing
     * @return a plan without layers, which yields no chain, if other vertices than layers lie between the places
     */
    public static RowPlan of(ForwardPass pass, int from, int to, Predicate<InputPreProcessor> isIdentity) {
        List<Integer> places = new ArrayList<>();
        for (int place = to; place != from; place = pass.sources(place).get(0)) {
            if (pass.sources(place).size() != 1) {
                return new RowPlan(pass, isIdentity, List.of());
            }
            places.add(place);
        }
        Collections.reverse(places);
        return new RowPlan(pass, isIdentity, List.copyOf(places));
    }

    /**
     * Returns the chain with the current parameters.
     *
     * @param inputs the length of a row of the input
     * @return null if the network must run the layers
     */
    public @Nullable RowChain chain(long inputs) {
        if (places.isEmpty() || pass.type() != DataType.FLOAT || !Blas.isAvailable()) {
            return null;
        }
        List<RowStep> steps = new ArrayList<>(places.size());
        for (int place : places) {
            InputPreProcessor preProcessor = pass.preProcessor(place);
            boolean readsRows = preProcessor == null || isIdentity.test(preProcessor);
            Layer layer = pass.rawLayer(place);
            RowStep step = readsRows && layer != null ? step(layer) : null;
            if (step == null) {
                return null;
            }
            steps.add(step);
        }
        return RowChain.of(steps, inputs);
    }

    /** Returns the function of a layer, of exactly its class: a subclass can compute something else. */
    private static @Nullable RowStep step(Layer layer) {
        org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
        Class<?> type = layer.getClass();
        if (layer instanceof RowLayer rows) {
            return rows.rowStep();
        } else if (type == FrozenLayer.class || type == FrozenLayerWithBackprop.class) {
            return step(((BaseWrapperLayer) layer).getUnderlying());
        } else if (type == DropoutLayer.class) {
            return RowStep.IDENTITY;
        } else if (type == ActivationLayer.class) {
            return RowStep.of(((org.deeplearning4j.nn.conf.layers.ActivationLayer) configuration).getActivationFn());
        } else if (type == LossLayer.class) {
            return RowStep.of(((BaseLayer) configuration).getActivationFn());
        }
        return null;
    }
}
