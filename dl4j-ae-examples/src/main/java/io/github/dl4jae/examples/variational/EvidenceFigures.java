package io.github.dl4jae.examples.variational;

import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.variational.LikelihoodEstimate;

/** The figures of a held-out evidence lower bound (ELBO): its value, its two terms, and the latents that are used. */
final class EvidenceFigures {

    private EvidenceFigures() {}

    static Report add(Report report, LikelihoodEstimate evidence) {
        return report.figure("-ELBO in nats per image", -evidence.elbo())
                .figure("its reconstruction term in nats per image", -evidence.reconstruction())
                .figure("its KL divergence in nats per image", evidence.klDivergence())
                .count("active latents", evidence.activeUnits());
    }
}
