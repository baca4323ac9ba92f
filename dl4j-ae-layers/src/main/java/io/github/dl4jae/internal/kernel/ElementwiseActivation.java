package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Loops over a row for the activations whose derivative is a function of the output.
 *
 * <pre>
 * IDENTITY   a = z              a′ = 1
 * RELU       a = max(0, z)      a′ = 1 if a > 0, else 0
 * SIGMOID    a = σ(z)           a′ = a(1 − a)
 * TANH       a = tanh(z)        a′ = 1 − a²
 * </pre>
 */
public enum ElementwiseActivation implements RowActivation {
    /** a = z. */
    IDENTITY {
        @Override
        void activate(float[] z, int n) {
            // nothing to do
        }

        @Override
        void differentiate(float[] a, float[] derivative, int n) {
            Arrays.fill(derivative, 0, n, 1f);
        }
    },

    /** a = max(0, z). */
    RELU {
        @Override
        void activate(float[] z, int n) {
            for (int i = 0; i < n; i++) {
                z[i] = Math.max(z[i], 0f);
            }
        }

        @Override
        void differentiate(float[] a, float[] derivative, int n) {
            for (int i = 0; i < n; i++) {
                // a branch per value would prevent vectorization
                derivative[i] = Math.min(a[i] * Float.MAX_VALUE, 1f);
            }
        }
    },

    /** a = 1 / (1 + e^−z). */
    SIGMOID {
        @Override
        void activate(float[] z, int n) {
            FloatFunctions.ofThread(n).sigmoid(z, z, n);
        }

        @Override
        void differentiate(float[] a, float[] derivative, int n) {
            for (int i = 0; i < n; i++) {
                derivative[i] = a[i] * (1f - a[i]);
            }
        }
    },

    /** a = tanh z. */
    TANH {
        @Override
        void activate(float[] z, int n) {
            FloatFunctions.tanh(z, z, n);
        }

        @Override
        void differentiate(float[] a, float[] derivative, int n) {
            for (int i = 0; i < n; i++) {
                derivative[i] = 1f - a[i] * a[i];
            }
        }
    };

    private static final ActivationReLU PLAIN_RELU = new ActivationReLU();

    /**
     * Returns the loop for an activation of Deeplearning4j.
     *
     * @param activation any activation
     * @return the loop, or empty if there is none
     */
    public static Optional<ElementwiseActivation> of(IActivation activation) {
        Class<?> type = activation.getClass(); // a subclass may compute something else
        if (type == ActivationIdentity.class) {
            return Optional.of(IDENTITY);
        } else if (type == ActivationReLU.class && PLAIN_RELU.equals(activation)) {
            return Optional.of(RELU);
        } else if (type == ActivationSigmoid.class) {
            return Optional.of(SIGMOID);
        } else if (type == ActivationTanH.class) {
            return Optional.of(TANH);
        }
        return Optional.empty();
    }

    /** Replaces z by a. */
    abstract void activate(float[] z, int n);

    /** Computes ∂a/∂z from a. */
    abstract void differentiate(float[] a, float[] derivative, int n);

    @Override
    public void activateRow(float[] z, float @Nullable [] derivative, int n, boolean training) {
        activate(z, n);
        if (derivative != null) {
            differentiate(z, derivative, n);
        }
    }
}
