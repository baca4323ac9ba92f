package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A likelihood of values in [0, 1], given logits. */
abstract class UnitIntervalLikelihood extends NegativeLogLikelihood {

    @Override
    final void requireActivation(IActivation activation) {
        Require.that(
                activation instanceof ActivationSigmoid,
                getClass().getSimpleName(),
                "the output layer's activation must be SIGMOID",
                activation,
                "the loss takes the pre-activations as logits");
    }

    @Override
    final IActivation partActivation() {
        return new ActivationSigmoid();
    }

    @Override
    final void requireLabels(INDArray labels, @Nullable INDArray mask) {
        LabelChecks.requireRange(
                getClass().getSimpleName(),
                labels,
                0,
                1,
                LabelChecks.SLACK,
                "scale them, or use LossGaussian for real-valued data");
    }

    @Override
    final boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        for (int i = 0; i < n; i++) {
            scratch[i] = Math.max(Math.max(x[i] - 1f, -x[i]), 0f); // the distance from [0, 1]; NaN stays NaN
        }
        return FloatFunctions.sum(scratch, n) <= LabelChecks.SLACK;
    }
}
