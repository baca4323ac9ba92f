package io.github.dl4jae;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.contractive.ContractionRatio;
import io.github.dl4jae.contractive.TangentSpace;
import io.github.dl4jae.denoising.DenoisingScore;
import io.github.dl4jae.generation.Interpolation;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.RestrictedBoltzmannMachine;
import io.github.dl4jae.selection.LinearReconstruction;
import io.github.dl4jae.sparsecoding.SparseInference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays without examples give a message that names the subject, not an error from ND4J. */
class EmptyArraysTest {

    private static final INDArray NONE = Nd4j.create(DataType.DOUBLE, 0, 3);
    private static final INDArray SOME = Nd4j.rand(DataType.DOUBLE, 9, 3);

    private static RestrictedBoltzmannMachine machine() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new RestrictedBoltzmannLayer.Builder().nIn(3).nOut(2).build())
                .build());
        network.init();
        return RestrictedBoltzmannMachine.of(network, 0);
    }

    private static Arguments call(String subject, ThrowingCallable call) {
        return Arguments.of(subject, call);
    }

    static Stream<Arguments> calls() {
        LinearReconstruction linear = LinearReconstruction.fit(SOME, new int[] {0, 1});
        SparseInference inference = new SparseInference(0.1, 0, 5, 0);
        return Stream.of(
                call("ContractionRatio: ", () -> ContractionRatio.estimate(x -> x, NONE, new double[] {1}, 1)),
                call("TangentSpace: ", () -> TangentSpace.estimate(x -> x, Nd4j.create(DataType.DOUBLE, 1, 0))),
                call("TangentSpace: ", () -> TangentSpace.estimateMeanSpectrum(x -> x, NONE)),
                call("Interpolation: ", () -> Interpolation.LINEAR.path(NONE, NONE, 3)),
                call("LinearReconstruction: ", () -> linear.reconstruct(NONE)),
                call("LinearReconstruction: ", () -> linear.r2(NONE)),
                call("LinearReconstruction: ", () -> linear.meanSquaredError(NONE)),
                call("SparseInference: ", () -> inference.infer(NONE, SOME, null)),
                call("SparseInference: ", () -> inference.infer(SOME, NONE, null)),
                call("DenoisingScore: ", () -> new DenoisingScore(x -> x.mul(2), 1).apply(NONE)),
                call("RestrictedBoltzmannMachine: ", () -> machine().sample(NONE, 3, 7)),
                call("RestrictedBoltzmannMachine: ", () -> machine().pseudoLogLikelihood(NONE)),
                call("RestrictedBoltzmannMachine: ", () -> machine().hiddenMeans(NONE)),
                call("RestrictedBoltzmannMachine: ", () -> machine().logLikelihood(NONE)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void noExamples_areRefusedByName(String subject, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(subject)
                .hasMessageContaining("got");
    }
}
