package org.example.hostile;

import org.nd4j.linalg.activations.impl.ActivationTanH;

/** An activation outside the allow-list, which leaves a trace when it runs. */
public final class CanaryActivation extends ActivationTanH {

    /** The system property that is the trace. */
    public static final String TRACE = "dl4jae.canary";

    private static final long serialVersionUID = 1L;

    /** Runs. */
    public CanaryActivation() {
        System.setProperty(TRACE, "ran");
    }
}
