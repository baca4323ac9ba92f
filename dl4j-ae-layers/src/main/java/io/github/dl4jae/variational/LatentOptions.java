package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.schedule.ScheduleValues;
import java.io.Serializable;
import java.util.List;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** The options of a {@link GaussianLatentLayer}, checked. */
record LatentOptions(
        ISchedule beta,
        double freeBits,
        int importanceSamples,
        boolean sampleAtInference,
        LatentPrior prior,
        List<LatentRegularizer> regularizers)
        implements Serializable {

    private static final String SUBJECT = "GaussianLatentLayer";

    LatentOptions {
        regularizers = List.copyOf(regularizers);
        ScheduleValues.of(beta).forEach((when, value) -> requireBeta(value, when));
        Require.nonNegative(SUBJECT, "freeBits", freeBits, "a usual value is 0.1 nats per latent");
        Require.that(
                importanceSamples >= 0,
                SUBJECT,
                "importanceSamples must be at least 1",
                importanceSamples,
                "omit it for the evidence lower bound");
        Require.that(
                freeBits == 0 || prior instanceof LatentPrior.StandardNormal,
                SUBJECT,
                "freeBits must be 0 unless the prior is standard normal",
                freeBits + " with " + prior,
                "the KL divergence from such a prior is not a sum over latents");
        boolean isBound =
                beta instanceof FixedSchedule && beta.valueAt(0, 0) == 1 && freeBits == 0 && regularizers.isEmpty();
        Require.that(
                importanceSamples == 0 || isBound,
                SUBJECT,
                "importanceSamples must come with beta = 1, no free bits and no regularizers",
                "beta " + beta + ", freeBits " + freeBits + ", regularizers " + regularizers,
                "other objectives are not a bound on the likelihood");
    }

    /** Returns β at a time, checked again because not all schedules enumerate their values. */
    double betaAt(TrainingTime time) {
        return requireBeta(
                beta.valueAt(time.iteration(), time.epoch()),
                "at iteration " + time.iteration() + ", epoch " + time.epoch());
    }

    private static double requireBeta(double value, String when) {
        Require.that(
                value >= 0 && value < Double.POSITIVE_INFINITY,
                SUBJECT,
                "beta must be at least 0 and finite",
                value + " " + when,
                "1 gives the evidence lower bound");
        return value;
    }
}
