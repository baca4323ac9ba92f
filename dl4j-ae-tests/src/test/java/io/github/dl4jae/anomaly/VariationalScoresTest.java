package io.github.dl4jae.anomaly;

import static io.github.dl4jae.anomaly.OrthogonalModel.examples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.VariationalModel;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class VariationalScoresTest {

    private static final int SAMPLES = 40_000;

    private static void assertScores(AnomalyScore score, Function<double[], Double> expected, double tolerance) {
        INDArray x = examples(4);
        double[] scores = score.score(x);
        for (int i = 0; i < 4; i++) {
            assertThat(scores[i])
                    .as("%s of example %d", score, i)
                    .isCloseTo(expected.apply(x.getRow(i).toDoubleVector()), within(tolerance));
        }
    }

    @Test
    void logLikelihood_withTheExactPosterior_isExactWithOneSample() {
        OrthogonalModel exact = new OrthogonalModel(1, 1);
        assertScores(new NegativeLogLikelihoodScore(exact.model(), 1, 5), x -> -OrthogonalModel.logLikelihood(x), 1e-9);
    }

    @Test
    @Tag("slow")
    void logLikelihood_withAWideEncoder_isThatOfTheModel() {
        OrthogonalModel wide = new OrthogonalModel(0.8, 1.7);
        assertScores(
                new NegativeLogLikelihoodScore(wide.model(), SAMPLES, 5), x -> -OrthogonalModel.logLikelihood(x), 0.01);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.8, 1.7"})
    @Tag("slow")
    void elbo_isTheLikelihoodLessTheDivergenceFromThePosterior(double meanFactor, double varianceFactor) {
        OrthogonalModel model = new OrthogonalModel(meanFactor, varianceFactor);
        assertScores(
                new NegativeElboScore(model.model(), SAMPLES, 5),
                x -> -OrthogonalModel.logLikelihood(x) + model.gap(x),
                0.02);
    }

    @Test
    @Tag("slow")
    void reconstructionProbability_averagesProbabilitiesOrLogarithms() {
        OrthogonalModel model = new OrthogonalModel(0.8, 1.7);
        assertScores(
                ReconstructionProbabilityScore.meanProbability(model.model(), SAMPLES, 5),
                x -> -model.logMeanProbability(x),
                0.01);
        assertScores(
                ReconstructionProbabilityScore.meanLogProbability(model.model(), SAMPLES, 5),
                x -> -model.meanLogProbability(x),
                0.02);
    }

    @Test
    void regret_withTheExactPosterior_isZero() {
        OrthogonalModel exact = new OrthogonalModel(1, 1);
        double[] regret = new LikelihoodRegretScore.Builder(exact.model())
                .samples(2000)
                .build()
                .score(examples(4));
        assertThat(DoubleStream.of(regret)).allMatch(each -> each >= 0 && each < 0.01);
    }

    @ParameterizedTest
    @CsvSource({"0.3, 3", "1.5, 0.4", "1, 3"})
    @Tag("slow")
    void regret_isTheDivergenceOfTheEncoderFromThePosterior(double meanFactor, double varianceFactor) {
        OrthogonalModel wrong = new OrthogonalModel(meanFactor, varianceFactor);
        assertScores(
                new LikelihoodRegretScore.Builder(wrong.model())
                        .steps(150)
                        .learningRate(0.1)
                        .samples(10_000)
                        .build(),
                wrong::gap,
                0.03);
    }

    /** A mixture of two standard normals is the standard normal, but its KL divergence comes from the samples. */
    @Test
    @Tag("slow")
    void regret_withAMixturePrior_isThatOfTheSameStandardNormal() {
        OrthogonalModel wrong = new OrthogonalModel(0.3, 3);
        MultiLayerNetwork network = wrong.network(new LatentPrior.GaussianMixture(2));
        network.setParam("0_pw", Nd4j.createFromArray(new double[][] {{0.3, -0.4}}));
        network.setParam("0_pm", Nd4j.zeros(DataType.DOUBLE, 2, 2));
        network.setParam("0_pv", Nd4j.zeros(DataType.DOUBLE, 2, 2));
        assertScores(
                new LikelihoodRegretScore.Builder(VariationalModel.of(network, "z"))
                        .steps(150)
                        .learningRate(0.1)
                        .samples(10_000)
                        .build(),
                wrong::gap,
                0.03);
    }

    static List<AnomalyScore> scores() {
        return scores(new OrthogonalModel(0.8, 1.7).model());
    }

    private static List<AnomalyScore> scores(VariationalModel model) {
        return List.of(
                ReconstructionProbabilityScore.meanProbability(model, 5, 3),
                ReconstructionProbabilityScore.meanLogProbability(model, 5, 3),
                new NegativeElboScore(model, 5, 3),
                new NegativeLogLikelihoodScore(model, 5, 3),
                new LikelihoodRegretScore.Builder(model).samples(5).seed(3).build());
    }

    @ParameterizedTest
    @MethodSource("scores")
    void rows_doNotDependOnEachOther(AnomalyScore score) {
        INDArray x = examples(1500); // several batches of the network
        double[] all = score.score(x);
        INDArray attribution = score.attribution(x);
        assertThat(score.score(x)).containsExactly(all);
        assertThat(attribution.shape()).containsExactly(x.shape());
        assertThat(attribution.dataType()).isEqualTo(DataType.FLOAT);
        for (int i : new int[] {0, 1, 777, 1499}) {
            INDArray one = x.get(NDArrayIndex.interval(i, i + 1), NDArrayIndex.all());
            assertThat(score.score(one)[0]).isCloseTo(all[i], within(1e-9));
            assertThat(score.attribution(one).distance2(attribution.getRow(i, true)))
                    .isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void examplesThatAreNotFinite_areRefused(AnomalyScore score) {
        INDArray x = examples(3);
        x.putScalar(1, 2, Double.NaN);
        assertThatThrownBy(() -> score.score(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }

    @Test
    void reconstructionsThatAreNotFinite_areInfinitelyUnusual() {
        MultiLayerNetwork network = new OrthogonalModel(1, 1).network(new LatentPrior.StandardNormal());
        network.setParam("1_b", Nd4j.createFromArray(new double[][] {{0, Double.NaN, 0, 0}}));
        for (AnomalyScore score : scores(VariationalModel.of(network, "z"))) {
            assertThat(score.score(examples(2))).containsExactly(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void otherShapes_areRefused(AnomalyScore score) {
        assertThatThrownBy(() -> score.score(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> score.score(Nd4j.zeros(DataType.DOUBLE, 0, 4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> score.score(Nd4j.zeros(DataType.DOUBLE, 2, 5)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** With the exact residual of one value, at codes without spread. */
    @Test
    void attribution_isTheSquaredResidual() {
        VariationalModel model = new OrthogonalModel(1, 1e-8).model();
        INDArray x = examples(3);
        INDArray residual = x.sub(model.decode(model.encode(x)));
        INDArray expected = residual.mul(residual);
        for (AnomalyScore score : List.of(
                ReconstructionProbabilityScore.meanProbability(model, 3, 1),
                new NegativeElboScore(model, 3, 1),
                new NegativeLogLikelihoodScore(model, 3, 1))) {
            assertThat(score.attribution(x).castTo(DataType.DOUBLE).distance2(expected))
                    .isLessThan(1e-2);
        }
    }

    /** An encoder that is wrong in one latent alone misses the values that this latent reconstructs. */
    @Test
    void attributionOfRegret_isWhatTheFittedPosteriorReconstructsBetter() {
        OrthogonalModel wrong = new OrthogonalModel(0, 1);
        INDArray x = Nd4j.createFromArray(new double[][] {{1.9, 0.4, -0.9, 0}}); // c + 2 V_0
        INDArray attribution =
                new LikelihoodRegretScore.Builder(wrong.model()).build().attribution(x);
        for (int d = 0; d < 4; d++) {
            double difference = 2 * OrthogonalModel.LOADINGS[0][d];
            double shrinkage = 1 - OrthogonalModel.norm(0) / (OrthogonalModel.norm(0) + 0.36);
            assertThat(attribution.getDouble(0, d))
                    .isCloseTo(difference * difference * (1 - shrinkage * shrinkage), within(0.05));
        }
    }

    @Test
    void settings_areChecked() {
        VariationalModel model = new OrthogonalModel(1, 1).model();
        Stream.<Runnable>of(
                        () -> new NegativeElboScore(null, 1, 1),
                        () -> new NegativeElboScore(model, 0, 1),
                        () -> new NegativeLogLikelihoodScore(model, 0, 1),
                        () -> ReconstructionProbabilityScore.meanProbability(model, 0, 1),
                        () -> ReconstructionProbabilityScore.meanLogProbability(null, 1, 1),
                        () -> new LikelihoodRegretScore.Builder(null),
                        () -> new LikelihoodRegretScore.Builder(model).steps(0),
                        () -> new LikelihoodRegretScore.Builder(model).samples(0),
                        () -> new LikelihoodRegretScore.Builder(model).learningRate(0))
                .forEach(each -> assertThatThrownBy(each::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("Score: "));
    }
}
