package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.variational.VariationalModel;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.VariationalAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Detectors of every score of the library, restored from files. */
class SavedDetectorTest {

    private static final int FEATURES = 6;
    private static final INDArray NORMAL = examples(60, 1);
    private static final INDArray FRESH = examples(21, 2).muli(2);

    @TempDir
    private Path directory;

    private static INDArray examples(int count, long seed) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.randn(DataType.FLOAT, count, FEATURES);
    }

    private static ModelBundle bundle(long seed) {
        return bundle(new UndercompleteAutoencoder.Builder(DataShape.features(FEATURES))
                .hidden(9)
                .code(3)
                .seed(seed)
                .build()
                .network());
    }

    private static ModelBundle bundle(MultiLayerNetwork network) {
        return new ModelBundle.Builder(network).codeLayer(ZooAutoencoder.CODE).build();
    }

    /**
     * A score and the networks that it needs.
     *
     * @param score fitted
     * @param models its networks
     */
    record Case(AnomalyScore score, List<ModelBundle> models) {
        AnomalyDetector detector() {
            return new AnomalyDetector.Builder()
                    .falseAlarmRate(0.05)
                    .calibrate(score, examples(40, 3), models.toArray(new ModelBundle[0]));
        }
    }

    private static DeepSvdd.Builder svdd() {
        return new DeepSvdd.Builder(
                        new SvddEncoder.Builder(FEATURES).hidden(8).code(3).build())
                .epochs(2);
    }

    static Stream<Named<Case>> cases() {
        ModelBundle one = bundle(1);
        ModelBundle two = bundle(2);
        Autoencoder first = one.autoencoder();
        ModelBundle vae = bundle(new VariationalAutoencoder.Builder(DataShape.features(FEATURES))
                .hidden(9)
                .code(2)
                .build()
                .network());
        VariationalModel model = vae.variationalModel();
        DeepSvddScore svdd = svdd().build().fit(NORMAL);
        DeepSvddScore soft = svdd().softBoundary(0.1).warmUpEpochs(1).build().fit(NORMAL);
        return Stream.of(
                        new Case(SquaredErrorScore.of(first), List.of(one)),
                        new Case(StandardizedErrorScore.fit(first, NORMAL), List.of(one)),
                        new Case(ResidualMahalanobisScore.fit(first, NORMAL), List.of(one)),
                        new Case(LatentMahalanobisScore.fit(first, NORMAL), List.of(one)),
                        new Case(LatentNeighborScore.fit(first, NORMAL, 3), List.of(one)),
                        new Case(LatentNeighborScore.fitNormalized(first, NORMAL, 3), List.of(one)),
                        new Case(
                                StandardizedAverageScore.fit(
                                        List.of(
                                                SquaredErrorScore.of(two.autoencoder()),
                                                LatentNeighborScore.fit(first, NORMAL, 1)),
                                        examples(30, 4)),
                                List.of(one, two)),
                        new Case(
                                ReconstructionNeighborScore.fit(List.of(first, two.autoencoder()), NORMAL, 2, 5),
                                List.of(one, two)),
                        new Case(
                                RankAverageScore.fit(
                                        List.of(
                                                SquaredErrorScore.of(two.autoencoder()),
                                                LatentNeighborScore.fit(first, NORMAL, 1)),
                                        examples(30, 4)),
                                List.of(one, two)),
                        new Case(ReconstructionProbabilityScore.meanProbability(model, 3, 5), List.of(vae)),
                        new Case(ReconstructionProbabilityScore.meanLogProbability(model, 3, 5), List.of(vae)),
                        new Case(new NegativeElboScore(model, 3, 5), List.of(vae)),
                        new Case(new NegativeLogLikelihoodScore(model, 3, 5), List.of(vae)),
                        new Case(
                                new LikelihoodRegretScore.Builder(model)
                                        .steps(3)
                                        .build(),
                                List.of(vae)),
                        new Case(svdd, List.of(new ModelBundle.Builder(svdd.network()).build())),
                        new Case(soft, List.of(new ModelBundle.Builder(soft.network()).build())))
                .map(each -> Named.of(each.score().name(), each));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void file_restoresScoresThresholdAndAttribution(Case given) {
        AnomalyDetector detector = given.detector();

        AnomalyDetector loaded = AnomalyDetector.load(detector.save(directory.resolve("detector.zip")));

        assertThat(loaded.score(FRESH)).containsExactly(detector.score(FRESH));
        assertThat(loaded.threshold()).isEqualTo(detector.threshold());
        assertThat(loaded.probability(FRESH)).containsExactly(detector.probability(FRESH));
        assertThat(loaded.scoreName()).isEqualTo(given.score().name());
        assertThatArray(loaded.attribution(FRESH)).isEqualTo(detector.attribution(FRESH));
    }

    @Test
    void detector_withoutItsNetworks_cannotBeSaved() {
        AnomalyDetector detector = new AnomalyDetector.Builder()
                .falseAlarmRate(0.05)
                .calibrate(SquaredErrorScore.of(bundle(1).autoencoder()), NORMAL);

        assertThatThrownBy(detector::toBundle)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("saving needs the networks of the score");
    }

    @Test
    void detector_ofAnotherNetwork_cannotBeSaved() {
        AnomalyDetector detector = new AnomalyDetector.Builder()
                .falseAlarmRate(0.05)
                .calibrate(SquaredErrorScore.of(bundle(1).autoencoder()), NORMAL, bundle(1));

        assertThatThrownBy(detector::toBundle)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pass their bundles to Builder.calibrate");
    }

    @Test
    void bundle_withoutDetector_isRefused() {
        ModelBundle bundle = bundle(1);
        assertThatThrownBy(() -> AnomalyDetector.of(bundle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the file must be one that AnomalyDetector.save wrote");
    }

    static Stream<String> damages() {
        return Stream.of(
                "{}",
                "{\"version\":1}",
                "{\"version\":2,\"networks\":1}",
                "{\"version\":1,\"networks\":1,\"score\":{\"kind\":\"none\"}}",
                "{\"version\":1,\"networks\":5000,\"score\":{\"kind\":\"squared-error\",\"model\":0}}",
                "{\"version\":1,\"networks\":1,\"score\":{\"kind\":\"squared-error\",\"model\":1}}",
                "{\"version\":1,\"networks\":1,\"score\":{\"kind\":\"standardized-error\",\"model\":0,\"means\":77}}",
                "{\"version\":1,\"networks\":1,\"score\":{\"kind\":\"rank-average\",\"scores\":[]}}");
    }

    @ParameterizedTest
    @MethodSource("damages")
    void damagedDocument_isRefused(String json) {
        ModelBundle damaged = cases().findFirst().orElseThrow().getPayload().detector().toBundle().toBuilder()
                .attachment("anomaly", json)
                .build();

        assertThatThrownBy(() -> AnomalyDetector.of(damaged)).isInstanceOf(IllegalArgumentException.class);
    }
}
