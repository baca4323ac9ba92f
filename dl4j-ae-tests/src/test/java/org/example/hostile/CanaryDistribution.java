package org.example.hostile;

import org.deeplearning4j.nn.conf.distribution.Distribution;

/** A distribution outside the allow-list, which leaves a trace when it runs. */
public final class CanaryDistribution extends Distribution {

    private static final long serialVersionUID = 1L;

    /** Runs. */
    public CanaryDistribution() {
        System.setProperty(CanaryActivation.TRACE, "ran");
    }
}
