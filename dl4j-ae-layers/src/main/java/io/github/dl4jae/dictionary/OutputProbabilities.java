package io.github.dl4jae.dictionary;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Comparisons of the outputs of a network, row by row in float64, where the outputs are probabilities. */
enum OutputProbabilities {
    /** A distribution over the columns of a row. */
    SOFTMAX {
        @Override
        double divergence(double p, double q) {
            return p <= 0 ? 0 : p * (Math.log(p) - Math.log(Math.max(q, SMALLEST)));
        }

        @Override
        double loss(double label, double p) {
            return label == 0 ? 0 : -label * Math.log(Math.max(p, SMALLEST));
        }

        @Override
        double agreement(double[] label, double[] p) {
            return largest(label) == largest(p) ? 1 : 0;
        }
    },
    /** A probability in each column. */
    SIGMOID {
        @Override
        double divergence(double p, double q) {
            return SOFTMAX.divergence(p, q) + SOFTMAX.divergence(1 - p, 1 - q);
        }

        @Override
        double loss(double label, double p) {
            return SOFTMAX.loss(label, p) + SOFTMAX.loss(1 - label, 1 - p);
        }

        @Override
        double agreement(double[] label, double[] p) {
            int agreeing = 0;
            for (int i = 0; i < label.length; i++) {
                agreeing += (label[i] > 0.5) == (p[i] > 0.5) ? 1 : 0;
            }
            return (double) agreeing / label.length;
        }
    },
    /** No probabilities. */
    NONE {
        @Override
        double divergence(double p, double q) {
            return Double.NaN;
        }

        @Override
        double loss(double label, double p) {
            return Double.NaN;
        }

        @Override
        double agreement(double[] label, double[] p) {
            return Double.NaN;
        }
    };

    /** Probabilities below count as this in logarithms. */
    private static final double SMALLEST = 1e-12;

    /** Returns what the outputs of a layer are, by its activation function. */
    static OutputProbabilities of(@Nullable Layer layer) {
        IActivation activation = null;
        if (layer != null && layer.conf().getLayer() instanceof BaseLayer base) {
            activation = base.getActivationFn();
        } else if (layer != null && layer.conf().getLayer() instanceof ActivationLayer only) {
            activation = only.getActivationFn();
        }
        if (activation instanceof ActivationSoftmax) {
            return SOFTMAX;
        }
        return activation instanceof ActivationSigmoid ? SIGMOID : NONE;
    }

    /** Returns the part of one column in KL(p ‖ q), in nats. */
    abstract double divergence(double p, double q);

    /** Returns the part of one column in the cross-entropy, in nats. */
    abstract double loss(double label, double p);

    /** Returns the share of the columns, or of the row, in which outputs agree with labels. */
    abstract double agreement(double[] label, double[] p);

    static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
