package io.github.dl4jae.sequence;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

class SequenceAutoencoderTest {

    private static final int FEATURES = 3;
    private static final int STEPS = 7;
    private static final int[] LENGTHS = {4, 7, 1, 4, 5};

    private static SequenceAutoencoder.Builder small() {
        return new SequenceAutoencoder.Builder().features(FEATURES).code(4).hidden(9);
    }

    private static INDArray sequences() {
        return RandomSequences.of(LENGTHS, FEATURES, STEPS, 0);
    }

    private static INDArray mask() {
        return RandomSequences.mask(LENGTHS, STEPS);
    }

    private static INDArray steps(INDArray sequences, int from, int to) {
        return sequences
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                .dup();
    }

    @ParameterizedTest
    @CsvSource({
        "GRU, false, LAST, false",
        "LSTM, true, LAST, true",
        "GRU, true, MEAN, true",
        "LSTM, false, MEAN, false",
        "GRU, true, ATTENTION, false",
        "LSTM, false, ATTENTION, true"
    })
    void paddingAndMates_haveNoEffect_toTheBit(
            RecurrentCell cell, boolean bidirectional, Pooling pooling, boolean conditioned) {
        Autoencoder autoencoder = small().hidden(33, 18)
                .cell(cell)
                .bidirectional(bidirectional)
                .pooling(pooling)
                .conditioned(conditioned)
                .build();
        int[] many = new int[75];
        Arrays.setAll(many, i -> i < LENGTHS.length ? LENGTHS[i] : 1 + i % 11);
        INDArray alone = sequences().get(NDArrayIndex.interval(3, 4), NDArrayIndex.all(), NDArrayIndex.interval(0, 4));
        INDArray noMask = Nd4j.ones(DataType.FLOAT, 1, 4);
        INDArray code = autoencoder.encode(alone);
        INDArray reconstruction = autoencoder.reconstruct(alone);
        double[] error = error(autoencoder, alone, noMask);

        INDArray among = RandomSequences.of(many, FEATURES, 11, Double.NaN);
        INDArray mask = RandomSequences.mask(many, 11);

        assertThatArray(autoencoder.encode(among, mask).getRow(3, true).dup()).isEqualTo(code);
        INDArray all = autoencoder.reconstruct(among, mask);
        assertThatArray(steps(all.get(NDArrayIndex.interval(3, 4)), 0, 4)).isEqualTo(reconstruction);
        assertThat(error(autoencoder, among, mask)[3]).isEqualTo(error[0]);
    }

    private static double[] error(Autoencoder autoencoder, INDArray x, INDArray mask) {
        return ReconstructionError.squaredPerExample(autoencoder, new DataSet(x, x, mask, mask));
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"GRU, LAST, true", "LSTM, ATTENTION, false", "GRU, MEAN, true"})
    void gradient_isThatOfTheMaskedLoss(RecurrentCell cell, Pooling pooling, boolean conditioned) {
        ComputationGraph graph = small().hidden(2)
                .code(2)
                .attention(2)
                .cell(cell)
                .bidirectional(true)
                .pooling(pooling)
                .conditioned(conditioned)
                .updater(new NoOp())
                .network(base -> base.dataType(DataType.DOUBLE))
                .build()
                .network();
        int[] lengths = {3, 2};
        INDArray x = RandomSequences.of(lengths, FEATURES, 3, 0).castTo(DataType.DOUBLE);
        INDArray mask = RandomSequences.mask(lengths, 3).castTo(DataType.DOUBLE);
        INDArray previous = PreviousSteps.shifted(x, Nd4j.zeros(DataType.DOUBLE, 2, FEATURES));

        GradientCheck.requireGradient(
                graph,
                conditioned ? new INDArray[] {x, previous} : new INDArray[] {x},
                x,
                conditioned ? new INDArray[] {mask, mask} : new INDArray[] {mask},
                mask);
    }

    /** Decoding step by step gives what the graph computes in one pass over the same previous steps. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reconstruction_isThatOfThePassOverAllSteps(boolean conditioned) {
        SequenceAutoencoder autoencoder =
                small().hidden(9, 6).conditioned(conditioned).build();
        INDArray x = sequences();
        INDArray mask = mask();
        INDArray reconstruction = autoencoder.reconstruct(x, mask);
        INDArray previous = PreviousSteps.shifted(reconstruction, Nd4j.zeros(LENGTHS.length, FEATURES));
        INDArray[] inputs = conditioned ? new INDArray[] {x, previous} : new INDArray[] {x};
        INDArray[] masks = conditioned ? new INDArray[] {mask, mask} : new INDArray[] {mask};

        INDArray whole = autoencoder.network().output(false, inputs, masks, null)[0];

        INDArray present = mask.reshape(LENGTHS.length, 1, STEPS).broadcast(x.shape());
        assertThatArray(reconstruction.mul(present)).isCloseTo(whole.mul(present), 1e-6);
    }

    @Test
    void states_ofTheNetwork_stayAsTheyAre() {
        SequenceAutoencoder autoencoder = small().build();
        RecurrentLayer layer = (RecurrentLayer) autoencoder.network().getLayer("decoder0");
        layer.rnnSetPreviousState(Map.of("prevAct", Nd4j.ones(2, 9)));

        autoencoder.decode(Nd4j.ones(5, 4), 3);

        assertThatArray(layer.rnnGetPreviousState().get("prevAct")).isEqualTo(Nd4j.ones(2, 9));
    }

    @Test
    void tokens_areLearned() {
        int[] lengths = new int[60];
        Arrays.setAll(lengths, i -> 3 + i % 5);
        INDArray x = RandomSequences.tokens(lengths, 4, STEPS);
        INDArray mask = RandomSequences.mask(lengths, STEPS);
        SequenceAutoencoder autoencoder = new SequenceAutoencoder.Builder()
                .features(4)
                .code(8)
                .hidden(24)
                .conditioned(true)
                .likelihood(StepLikelihood.categorical())
                .updater(new FastAdam(1e-2))
                .build();

        autoencoder.fit(
                x, mask, new SequenceTraining.Builder().epochs(40).batch(20).build());

        INDArray token = autoencoder.reconstruct(x, mask).argMax(1).castTo(DataType.FLOAT);
        INDArray right = token.eq(x.argMax(1).castTo(DataType.FLOAT)).castTo(DataType.FLOAT);
        assertThat(right.mul(mask).sumNumber().doubleValue())
                .isGreaterThan(0.99 * mask.sumNumber().doubleValue());
        assertThat(autoencoder.steps()).isEqualTo(STEPS);
    }

    private static SequenceTraining.Builder scheduled(int epochs, Path checkpoint) {
        return new SequenceTraining.Builder()
                .epochs(epochs)
                .batch(2)
                .teacherForcing(TeacherForcing.constant(0.5))
                .previousDropout(0.2)
                .checkpoint(checkpoint);
    }

    @Test
    void resumedTraining_endsLikeAnUninterruptedOne(@TempDir Path directory) {
        SequenceAutoencoder.Builder builder =
                small().conditioned(true).variational().likelihood(StepLikelihood.gaussian(1));
        SequenceAutoencoder whole = builder.build();
        whole.fit(sequences(), mask(), scheduled(4, directory.resolve("a.zip")).build());

        builder.build()
                .fit(
                        sequences(),
                        mask(),
                        scheduled(9, directory.resolve("b.zip"))
                                .trainer(trainer -> trainer.steps(5).checkpointEvery(1))
                                .build());
        SequenceAutoencoder resumed = builder.build();
        TrainingResult result = resumed.fit(
                sequences(), mask(), scheduled(4, directory.resolve("b.zip")).build());

        assertThat(result.epochs()).isEqualTo(4);
        assertThatArray(resumed.network().params()).isEqualTo(whole.network().params());
    }

    @Test
    void scheduledSampling_changesTheTraining() {
        SequenceAutoencoder.Builder builder = small().conditioned(true);
        SequenceAutoencoder forced = builder.build();
        SequenceAutoencoder sampled = builder.build();
        forced.fit(sequences(), mask(), new SequenceTraining.Builder().epochs(2).build());
        sampled.fit(
                sequences(),
                mask(),
                new SequenceTraining.Builder()
                        .epochs(2)
                        .teacherForcing(TeacherForcing.constant(0))
                        .build());

        assertThat(sampled.network().params()).isNotEqualTo(forced.network().params());
    }

    @Test
    void savedAutoencoder_computesTheSame(@TempDir Path directory) {
        SequenceAutoencoder autoencoder = small().bidirectional(true)
                .pooling(Pooling.ATTENTION)
                .conditioned(true)
                .build();
        autoencoder.fit(
                sequences(), mask(), new SequenceTraining.Builder().epochs(1).build());
        INDArray codes = autoencoder.encode(sequences(), mask());

        SequenceAutoencoder loaded = SequenceAutoencoder.load(autoencoder.save(directory.resolve("model.zip")));

        assertThatArray(loaded.encode(sequences(), mask())).isEqualTo(codes);
        assertThatArray(loaded.decode(codes)).isEqualTo(autoencoder.decode(codes));
        assertThat(loaded).hasToString("SequenceAutoencoder(3 features → code 4, conditioned decoder)");
    }

    @Test
    void arguments_thatDoNotFit_areRefused() {
        SequenceAutoencoder autoencoder = small().build();
        INDArray gap = Nd4j.createFromArray(new float[][] {{1, 0, 1}});
        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(1, FEATURES, 3), gap))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ones and then zeros, got [1.0, 0.0, 1.0] in row 0");
        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[N, 3, time], got [1, 2, 3]");
        assertThatThrownBy(() -> autoencoder.decode(Nd4j.ones(1, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[N, 4], got [1, 5]");
        assertThatThrownBy(() -> small().features(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("features must be at least 1, got 0");
        assertThatThrownBy(() -> small().hidden().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hidden must have at least one layer");
        assertThatThrownBy(() -> small().variational().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("normalized, got StepLikelihood.squaredError");
        assertThatThrownBy(autoencoder::variationalModel)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be variational");
    }
}
