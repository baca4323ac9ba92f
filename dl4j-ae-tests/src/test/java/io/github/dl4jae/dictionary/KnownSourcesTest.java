package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.data.SuperpositionSample;
import io.github.dl4jae.data.SyntheticSuperposition;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Every kind of dictionary finds the directions of 200 sources in 64 dimensions, of which three are active on average.
 */
@Tag("slow")
class KnownSourcesTest {

    private static final int SOURCES = 200;
    private static final int DIMENSIONS = 64;
    private static final int UNITS = 256;
    private static final int K = 3;
    private static final int BATCH = 256;
    private static final int STEPS = 1_500;
    /** Narrow dictionaries need longer to share the sources. */
    private static final int NESTED_STEPS = 3_000;

    private static final double RATE = 3e-3;
    private static final AuxiliaryLoss REVIVAL = new AuxiliaryLoss(2 * K, 1 / 32.0, 200 * BATCH);

    private static final SyntheticSuperposition EQUAL =
            sources(new SyntheticSuperposition.Builder(SOURCES, DIMENSIONS).uniform((double) K / SOURCES));

    /** Where all sources are equally frequent, a narrow dictionary does as well with mixtures of two of them. */
    private static final SyntheticSuperposition UNEQUAL =
            sources(new SyntheticSuperposition.Builder(SOURCES, DIMENSIONS).zipf(0.5, 0.12, 0.005));

    private static SyntheticSuperposition sources(SyntheticSuperposition.Builder builder) {
        return builder.magnitudes(4, 4).deviations(0.8, 0).spread(100).seed(1).build();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                kind(0.9, "TopK", layer(new TopKEncoder(falling(STEPS))).revival(REVIVAL)),
                kind(
                        0.9,
                        "BatchTopK",
                        layer(new BatchTopKEncoder(falling(STEPS))).revival(REVIVAL)),
                kind(0.9, "AbsTopK", layer(new AbsTopKEncoder(falling(STEPS))).revival(REVIVAL)),
                kind(0.9, "JumpReLU, step", layer(JumpReLUEncoder.step(growing(2)))),
                kind(0.9, "JumpReLU, target", layer(JumpReLUEncoder.targetL0(K, growing(50)))),
                kind(0.9, "JumpReLU, tanh", layer(JumpReLUEncoder.tanh(growing(1)))),
                kind(0.9, "gated", layer(new GatedEncoder(growing(4)))),
                kind(0.9, "matching pursuit", layer(new MatchingPursuitEncoder(K))),
                kind(0.8, "L1", layer(new L1Encoder(growing(4)))));
    }

    private static Arguments kind(double least, String name, DictionaryLayer.Builder layer) {
        return Arguments.of(name, least, layer);
    }

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder) {
        return new DictionaryLayer.Builder().nIn(DIMENSIONS).units(UNITS).encoder(encoder);
    }

    /** Many active units at first, so that none dies. */
    private static ISchedule falling(int steps) {
        return new LinearSchedule(ScheduleType.ITERATION, 4 * K, K, steps / 2);
    }

    private static ISchedule growing(double lambda) {
        return new LinearSchedule(ScheduleType.ITERATION, 0, lambda, STEPS / 2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void dictionary_findsTheDirectionsOfSources(String name, double least, DictionaryLayer.Builder layer) {
        KnownDictionaryReport report = train(layer, EQUAL, STEPS);

        assertThat(report.recovered(0.9)).as(name + ": " + report).isGreaterThanOrEqualTo(least);
    }

    @Test
    void matryoshka_findsTheDirectionsOfSources() {
        KnownDictionaryReport report = train(
                layer(new BatchTopKEncoder(falling(NESTED_STEPS)))
                        .revival(REVIVAL)
                        .matryoshka(UNITS / 16, UNITS / 4),
                UNEQUAL,
                NESTED_STEPS);

        assertThat(report.recovered(0.9)).as(report.toString()).isGreaterThanOrEqualTo(0.9);
    }

    private static KnownDictionaryReport train(
            DictionaryLayer.Builder layer, SyntheticSuperposition sources, int steps) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new FastAdam(new MapSchedule.Builder(ScheduleType.ITERATION)
                        .add(0, RATE)
                        .add(4 * steps / 5, RATE / 5)
                        .build()))
                .list()
                .layer(layer.build())
                .build());
        network.init();
        new Trainer.Builder(network, sources.iterator(BATCH, steps))
                .steps(steps)
                .build()
                .fit();
        SparseDictionary dictionary = SparseDictionary.of(network);
        SuperpositionSample sample = sources.sample(1L << 40, 4_000);
        SparseCodes codes = dictionary.encode(sample.x());
        return KnownDictionaryReport.accumulator(dictionary.decoderWeights(), sources.directions())
                .add(sample.x(), dictionary.decode(codes), codes, SparseCodes.of(sample.codes()))
                .report();
    }
}
