package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.Networks;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The scores of residuals and codes, over autoencoders whose residuals and codes are known. */
class ScoresTest {

    private static final double[] POINT = {1, -2, 0.5};

    private static final INDArray WAVES = Waves.array(40, 3, 0.5);

    private static Arguments score(
            String name, BiFunction<Autoencoder, INDArray, AnomalyScore> fit, Autoencoder autoencoder) {
        return Arguments.of(Named.of(name, fit.apply(autoencoder, WAVES)));
    }

    private static BiFunction<Autoencoder, INDArray, AnomalyScore> neighbors(int k) {
        return (autoencoder, normal) -> LatentNeighborScore.fit(autoencoder, normal, k);
    }

    /** Residuals are the examples themselves, or their codes are. */
    static Stream<Arguments> scores() {
        Autoencoder zeros = FunctionAutoencoder.zeros();
        return Stream.of(
                score("squared error", (autoencoder, normal) -> SquaredErrorScore.of(autoencoder), zeros),
                score("standardized error", StandardizedErrorScore::fit, zeros),
                score("residual Mahalanobis", ResidualMahalanobisScore::fit, zeros),
                score("latent Mahalanobis", LatentMahalanobisScore::fit, zeros),
                score("latent neighbors", neighbors(3), zeros));
    }

    @Test
    void squaredError_isTheMeanOfSquares() {
        AnomalyScore score = SquaredErrorScore.of(FunctionAutoencoder.decoding(codes -> codes.mul(0.5)));

        assertThat(score.score(Waves.array(POINT))).containsExactly((0.25 + 1 + 0.0625) / 3);
        assertThatArray(score.attribution(Waves.array(POINT))).isEqualTo(Waves.array(new double[] {0.25, 1, 0.0625}));
    }

    @Test
    void standardizedError_isTheMeanOfStandardizedSquares() {
        // means 1 and −1, variances 2 and 8
        AnomalyScore score = StandardizedErrorScore.fit(
                FunctionAutoencoder.zeros(), Waves.array(new double[] {0, -3}, new double[] {2, 1}));

        assertThat(score.score(Waves.array(new double[] {3, 7})))
                .containsExactly(new double[] {(4 / 2.0 + 64 / 8.0) / 2}, within(1e-9));
        assertThat(score.attribution(Waves.array(new double[] {3, 7})).toDoubleVector())
                .containsExactly(new double[] {2, 8}, within(1e-6));
    }

    /** Expected: NumPy's standardized rows (ddof=1) and scikit-learn 1.2.1's {@code ledoit_wolf}. */
    @Test
    void mahalanobisDistances_areThoseOfScikitLearn() {
        ResidualMahalanobisScore residual = ResidualMahalanobisScore.fit(FunctionAutoencoder.zeros(), WAVES);
        AnomalyScore latent = LatentMahalanobisScore.fit(FunctionAutoencoder.identity(), WAVES);

        assertThat(residual.shrinkage()).isCloseTo(0.14935230450346787, within(1e-6));
        assertThat(residual.score(Waves.array(POINT))).containsExactly(new double[] {8.875345908147601}, within(1e-5));
        assertThat(residual.attribution(Waves.array(POINT)).toDoubleVector())
                .containsExactly(
                        new double[] {17.78241150230058, 23.447624378492996, 15.081858797074409}, within(1e-4));
        assertThat(latent.score(Waves.array(POINT))).containsExactly(new double[] {8.875345908147601}, within(1e-5));
    }

    /** Mahalanobis distances of the fitted rows average the trace of P·S/d: a little less than 1 by the shrinkage. */
    @Test
    void scaledScores_ofTheFittedRows_areAboutOne() {
        INDArray x = CorruptedTable.standardized(2000);
        AnomalyScore mahalanobis = ResidualMahalanobisScore.fit(FunctionAutoencoder.zeros(), x);
        AnomalyScore standardized = StandardizedErrorScore.fit(FunctionAutoencoder.zeros(), x);

        assertThat(Arrays.stream(mahalanobis.score(x)).average().orElseThrow()).isBetween(0.97, 1.0);
        assertThat(Arrays.stream(standardized.score(x)).average().orElseThrow()).isCloseTo(1, within(0.001));
    }

    @Test
    void latentNeighbors_areNearestCodes() {
        INDArray normal = Waves.array(new double[] {0, 0}, new double[] {0, 3}, new double[] {4, 0});
        AnomalyScore score = LatentNeighborScore.fit(FunctionAutoencoder.zeros(), normal, 2);

        assertThat(score.name()).isEqualTo("mean distance to the 2 nearest codes");
        assertThat(score.score(Waves.array(new double[] {4, 3}))).containsExactly(new double[] {3.5}, within(1e-6));
        // x_0 replaced by 0: distances 0 and 3; x_1 replaced by 0: distances 0 and 4
        assertThat(score.attribution(Waves.array(new double[] {4, 3})).toDoubleVector())
                .containsExactly(new double[] {3.5 - 1.5, 3.5 - 2}, within(1e-6));
    }

    @Test
    void latentScores_findUnusualRowsThatAreReconstructedExactly() {
        INDArray unusual = Waves.array(new double[] {3, -3, 3});
        Autoencoder identity = FunctionAutoencoder.identity();
        double[] usual = LatentMahalanobisScore.fit(identity, WAVES).score(WAVES);
        double[] near = LatentNeighborScore.fit(identity, WAVES, 3).score(WAVES);

        assertThat(SquaredErrorScore.of(identity).score(unusual)).containsExactly(0);
        assertThat(LatentMahalanobisScore.fit(identity, WAVES).score(unusual)[0])
                .isGreaterThan(5 * Arrays.stream(usual).max().orElseThrow());
        assertThat(LatentNeighborScore.fit(identity, WAVES, 3).score(unusual)[0])
                .isGreaterThan(2 * Arrays.stream(near).max().orElseThrow());
    }

    /** An autoencoder of one factor: the mean of the values, which one corrupted value changes in all residuals. */
    private static INDArray projected(INDArray codes) {
        return codes.mean(true, 1).broadcast(codes.shape());
    }

    private static double shareOfBlamedColumns(BiFunction<Autoencoder, INDArray, AnomalyScore> fit) {
        INDArray table = CorruptedTable.standardized(1400);
        INDArray corrupted = CorruptedTable.rows(table, 1000, 1400);
        Random random = new Random(3);
        int[] columns = new int[400];
        for (int i = 0; i < 400; i++) {
            columns[i] = random.nextInt(20);
            corrupted.putScalar(i, columns[i], corrupted.getDouble(i, columns[i]) + (random.nextBoolean() ? 6 : -6));
        }
        INDArray parts = fit.apply(
                        FunctionAutoencoder.decoding(ScoresTest::projected), CorruptedTable.rows(table, 0, 1000))
                .attribution(corrupted);
        return IntStream.range(0, 400)
                        .filter(i -> parts.getRow(i).argMax().getInt(0) == columns[i])
                        .count()
                / 400.0;
    }

    @Test
    void corruptedColumn_ranksFirstInTheAttribution() {
        assertThat(shareOfBlamedColumns(ResidualMahalanobisScore::fit)).isGreaterThanOrEqualTo(0.9);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void reconstructionsAndCodesThatAreNotFinite_haveAnInfiniteScore(AnomalyScore score) {
        INDArray x = Waves.array(
                new double[] {1, Double.NaN, 0},
                new double[] {0, 0, 0},
                new double[] {Double.POSITIVE_INFINITY, 1, 1},
                new double[] {1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY});

        double[] scores = score.score(x);

        assertThat(scores[1]).isFinite();
        assertThat(new double[] {scores[0], scores[2], scores[3]}).containsOnly(Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void attribution_hasTheShapeOfTheExamples(AnomalyScore score) {
        assertThatArray(score.attribution(WAVES)).hasShape(40, 3).isFinite();
        assertThat(score).hasToString(score.name() + " of " + FunctionAutoencoder.zeros());
    }

    @ParameterizedTest
    @MethodSource("scores")
    void score_leavesTheExamples(AnomalyScore score) {
        INDArray x = WAVES.dup();

        score.score(x);
        score.attribution(x);

        assertThat(x).isEqualTo(WAVES);
    }

    static Stream<Arguments> unvarying() {
        return Stream.of(
                Arguments.of(
                        Named.of("residuals", ResidualMahalanobisScore.fit(FunctionAutoencoder.identity(), WAVES))),
                Arguments.of(Named.of("errors", StandardizedErrorScore.fit(FunctionAutoencoder.identity(), WAVES))),
                Arguments.of(Named.of(
                        "codes",
                        LatentMahalanobisScore.fit(new FunctionAutoencoder(x -> x.mul(0), codes -> codes), WAVES))));
    }

    /** A perfect reconstruction, or units that died. */
    @ParameterizedTest
    @MethodSource("unvarying")
    void residualsAndCodesThatNeverChange_haveScoreZero(AnomalyScore score) {
        assertThat(score.score(WAVES)).containsOnly(0);
    }

    static Stream<Arguments> mistakes() {
        Autoencoder zeros = FunctionAutoencoder.zeros();
        INDArray one = Waves.array(POINT);
        String none = ": autoencoder must be given, got null; Autoencoders.of(network, code) makes one of a network";
        return Stream.of(
                mistake(() -> SquaredErrorScore.of(null), "SquaredErrorScore" + none),
                mistake(() -> StandardizedErrorScore.fit(null, WAVES), "StandardizedErrorScore" + none),
                mistake(() -> ResidualMahalanobisScore.fit(null, WAVES), "ResidualMahalanobisScore" + none),
                mistake(() -> LatentMahalanobisScore.fit(null, WAVES), "LatentMahalanobisScore" + none),
                mistake(() -> LatentNeighborScore.fit(null, WAVES, 1), "LatentNeighborScore" + none),
                mistake(
                        () -> StandardizedErrorScore.fit(zeros, null),
                        "StandardizedErrorScore: examples must be an array, got null"),
                mistake(
                        () -> ResidualMahalanobisScore.fit(zeros, Nd4j.ones(3)),
                        "ResidualMahalanobisScore: examples must have rank 2 or more, got shape [3]"),
                mistake(
                        () -> StandardizedErrorScore.fit(zeros, one),
                        "StandardizedErrorScore: heldOut must have at least 2 examples, got 1"),
                mistake(
                        () -> ResidualMahalanobisScore.fit(zeros, one),
                        "ResidualMahalanobisScore: heldOut must have at least 2 examples, got 1"),
                mistake(
                        () -> LatentMahalanobisScore.fit(
                                zeros, Waves.array(new double[] {1, 2}, new double[] {1, Double.NaN})),
                        "LatentMahalanobisScore: codes and reconstructions of heldOut must be finite, got NaN"),
                mistake(
                        () -> LatentNeighborScore.fit(zeros, WAVES, 0),
                        "LatentNeighborScore: k must be in [1, 40], the number of examples, got 0"),
                mistake(
                        () -> LatentNeighborScore.fit(zeros, WAVES, 41),
                        "LatentNeighborScore: k must be in [1, 40], the number of examples, got 41"),
                mistake(
                        () -> ResidualMahalanobisScore.fit(zeros, Nd4j.zeros(2, 4097)),
                        "ResidualMahalanobisScore: examples must have at most 4096 values for a covariance matrix, "
                                + "got 4097; use StandardizedErrorScore"),
                mistake(
                        () -> SquaredErrorScore.of(FunctionAutoencoder.decoding(x -> Nd4j.hstack(x, x)))
                                .score(WAVES),
                        "AnomalyScore: reconstructions must have the values of the examples [16, 3], got [16, 6]; "
                                + "a score needs the output that reconstructs the input"),
                mistake(
                        () -> SquaredErrorScore.of(zeros).score(null),
                        "mean squared error: examples must be an array, got null"),
                mistake(
                        () -> SquaredErrorScore.of(zeros).attribution(Nd4j.ones(3)),
                        "mean squared error: examples must have rank 2 or more, got shape [3]"));
    }

    private static Arguments mistake(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isNamed(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    static Stream<Arguments> fittedToANetwork() {
        Autoencoder network = Autoencoders.of(
                Networks.initialized(new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .list()
                        .layer(new FastDenseLayer.Builder()
                                .name("code")
                                .nIn(3)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build())
                        .layer(new FastOutputLayer.Builder(new LossGaussian(1))
                                .nIn(2)
                                .nOut(3)
                                .activation(Activation.IDENTITY)
                                .build())),
                "code");
        return Stream.of(
                score("squared error", (autoencoder, normal) -> SquaredErrorScore.of(autoencoder), network),
                score("standardized error", StandardizedErrorScore::fit, network),
                score("residual Mahalanobis", ResidualMahalanobisScore::fit, network),
                score("latent Mahalanobis", LatentMahalanobisScore::fit, network),
                score("latent neighbors", neighbors(3), network));
    }

    @ParameterizedTest
    @MethodSource("fittedToANetwork")
    void otherWidths_areRefused(AnomalyScore score) {
        assertThatThrownBy(() -> score.score(Nd4j.ones(2, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3")
                .hasMessageContaining("4");
        assertThatThrownBy(() -> score.attribution(Nd4j.ones(2, 2))).isInstanceOf(IllegalArgumentException.class);
    }
}
