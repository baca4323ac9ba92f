package io.github.dl4jae.variational;

import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ScheduleType;

/** Every option of the latent layer keeps the contract of layers: gradients, graphs, masks, JSON, YAML, zip, clones. */
@Tag("slow")
class LatentContractTest {

    private static GaussianLatentLayer.Builder latents() {
        return new GaussianLatentLayer.Builder().nOut(3);
    }

    private static Named<GaussianLatentLayer> option(String name, UnaryOperator<GaussianLatentLayer.Builder> options) {
        return Named.of(name, options.apply(latents()).build());
    }

    static Stream<Named<GaussianLatentLayer>> options() {
        return Stream.of(
                option("evidence lower bound", builder -> builder),
                option("beta", builder -> builder.beta(4)),
                option(
                        "beta schedule",
                        builder -> builder.beta(new LinearSchedule(ScheduleType.ITERATION, 0.3, 1, 10))),
                option("free bits, some latents below", builder -> builder.freeBits(0.06)),
                option("l1 and l2", builder -> builder.l1(0.1).l2(0.1)),
                option(
                        "DIP-I",
                        builder -> builder.regularizer(
                                new DisentangledInferredPrior(2, 7, DisentangledInferredPrior.Target.MEANS))),
                option(
                        "DIP-II",
                        builder -> builder.regularizer(
                                new DisentangledInferredPrior(2, 7, DisentangledInferredPrior.Target.CODES))));
    }

    /** Terms that are estimated from samples, with noise at test time, or from all codes of a mini-batch. */
    static Stream<Named<GaussianLatentLayer>> estimates() {
        return Stream.of(
                option("mixture prior", builder -> builder.prior(new LatentPrior.GaussianMixture(4))),
                option("total correlation", builder -> builder.regularizer(new TotalCorrelation(5, 100))),
                option("total correlation, mixture prior", builder -> builder.beta(0.5)
                        .prior(new LatentPrior.GaussianMixture(2))
                        .regularizer(new TotalCorrelation(0, 4))),
                option("MMD", builder -> builder.beta(0).regularizer(new MaximumMeanDiscrepancy(3))),
                option(
                        "MMD, multiquadratic",
                        builder -> builder.regularizer(
                                new MaximumMeanDiscrepancy(3, MaximumMeanDiscrepancy.Kernel.INVERSE_MULTIQUADRATIC))));
    }

    @ParameterizedTest
    @MethodSource("estimates")
    void contract_ofEstimates_holds(GaussianLatentLayer layer) {
        LayerContract.of(layer).differsAtTestTime().without(Clause.EXAMPLES).verify();
    }

    @ParameterizedTest
    @MethodSource("options")
    void contract_holds(GaussianLatentLayer layer) {
        LayerContract.of(layer).differsAtTestTime().verify();
    }

    @Test
    void sequences_keepTheContract() {
        LayerContract.of(latents().beta(2).build())
                .input(InputType.recurrent(5, 4))
                .differsAtTestTime()
                .verify();
    }

    @Test
    void images_keepTheContract() {
        LayerContract.of(latents().build())
                .input(InputType.convolutional(3, 3, 2))
                .differsAtTestTime()
                .verify();
    }
}
