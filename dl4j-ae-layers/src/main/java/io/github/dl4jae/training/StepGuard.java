package io.github.dl4jae.training;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/** Stops a step before its update if score or gradient are not finite. */
final class StepGuard extends BaseTrainingListener {

    /** Leaves {@code fit}; the trainer then finds the layer. */
    static final class NotFinite extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** The parameters whose gradient is not finite, in the order of the backward pass. */
        private final transient List<String> variables;

        NotFinite(List<String> variables) {
            super(null, null, false, false);
            this.variables = variables;
        }

        List<String> variables() {
            return variables;
        }
    }

    @Override
    public void onGradientCalculation(Model model) {
        if (!FiniteGuard.isFinite(model)) {
            FiniteGuard.requireFiniteData(model);
            throw new NotFinite(FiniteGuard.variables(model));
        }
    }
}
