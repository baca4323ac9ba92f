package io.github.dl4jae.disentanglement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.Sprites;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class DisentanglementTest {

    private static final Sprites SPRITES = Sprites.generate(3, 4, 4);
    private static final Factors FACTORS = Factors.of(SPRITES.factors(), Sprites.FACTORS, "shape");

    /** One latent per factor. The shape has three classes without an order, which one latent still tells apart. */
    private static INDArray perfect() {
        int[][] values = SPRITES.factors();
        INDArray codes = Nd4j.zeros(DataType.DOUBLE, values.length, 6); // the sixth says nothing
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < 5; k++) {
                codes.putScalar(i, k, values[i][k] * 0.7 - 1);
            }
        }
        return codes;
    }

    /** All factors in all latents. */
    private static INDArray mixed() {
        Nd4j.getRandom().setSeed(5);
        INDArray centered = perfect();
        centered.subiRowVector(centered.mean(0));
        return centered.mmul(Nd4j.randn(DataType.DOUBLE, 6, 6));
    }

    private static INDArray noise() {
        Nd4j.getRandom().setSeed(6);
        return Nd4j.randn(DataType.DOUBLE, SPRITES.factors().length, 6);
    }

    @Test
    void mutualInformationGap_isOneForPerfectCodes_andZeroForNoise() {
        assertThat(MutualInformationGap.compute(perfect(), FACTORS)).isCloseTo(1, within(1e-12));
        assertThat(MutualInformationGap.compute(mixed(), FACTORS)).isLessThan(0.3);
        assertThat(MutualInformationGap.compute(noise(), FACTORS)).isLessThan(0.05);
    }

    /** The second latent repeats the first: nothing is gained by knowing the better of the two. */
    @Test
    void mutualInformationGap_ofTwins_isZero() {
        Factors coin = Factors.of(new int[][] {{0}, {1}, {0}, {1}}, List.of("coin"));
        INDArray twins = Nd4j.createFromArray(new double[][] {{0, 0}, {1, 1}, {0, 0}, {1, 1}});
        assertThat(MutualInformationGap.compute(twins, coin)).isCloseTo(0, within(1e-12));
        assertThat(MutualInformationGap.compute(twins.getColumn(0).reshape(4, 1), coin))
                .isCloseTo(1, within(1e-12));
    }

    /** Two fair bits that agree three times in four: 3/4 ln 3/2 + 1/4 ln 1/2. */
    @Test
    void mutualInformation_goldenValue() {
        assertThat(MutualInformationGap.mutualInformation(
                        new int[] {0, 0, 0, 0, 1, 1, 1, 1}, 2, new int[] {0, 0, 0, 1, 1, 1, 1, 0}, 2))
                .isCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), within(1e-12));
    }

    @Test
    void separatedAttributePredictability_ranksCodes() {
        // squared correlations are 1, thresholds separate two of three shapes entirely and the middle one to ½
        assertThat(SeparatedAttributePredictability.compute(perfect(), FACTORS))
                .isCloseTo((4 + (1 + 1 + 0.5) / 3) / 5, within(1e-9));
        assertThat(SeparatedAttributePredictability.compute(mixed(), FACTORS)).isLessThan(0.3);
        assertThat(SeparatedAttributePredictability.compute(noise(), FACTORS)).isLessThan(0.05);
    }

    @Test
    void dci_ranksCodes() {
        Dci perfect = Dci.compute(perfect(), FACTORS, 1);
        assertThat(perfect.disentanglement()).isGreaterThan(0.97);
        assertThat(perfect.completeness()).isGreaterThan(0.97);
        assertThat(perfect.informativeness()).isGreaterThan(0.85);
        Dci mixed = Dci.compute(mixed(), FACTORS, 1);
        assertThat(mixed.disentanglement()).isLessThan(0.5);
        assertThat(mixed.informativeness()).isGreaterThan(0.8);
        assertThat(Dci.compute(noise(), FACTORS, 1).informativeness()).isLessThan(0.05);
        assertThat(perfect.toString()).startsWith("disentanglement 0.9");
    }

    @Test
    void factorVaeScore_ranksCodes() {
        assertThat(FactorVaeScore.compute(perfect(), FACTORS, 1)).isEqualTo(1);
        assertThat(FactorVaeScore.compute(mixed(), FACTORS, 1)).isLessThan(0.9);
        assertThat(FactorVaeScore.compute(noise(), FACTORS, 1)).isLessThan(0.35);
        assertThat(FactorVaeScore.compute(perfect().mul(1e-3), FACTORS, 1)).isZero();
    }

    @Test
    void betaVaeScore_ranksCodes() {
        assertThat(BetaVaeScore.compute(perfect(), FACTORS, 1)).isGreaterThan(0.97);
        assertThat(BetaVaeScore.compute(noise(), FACTORS, 1)).isLessThan(0.35);
    }

    /** By hand: x = (1, −1), y = 2x; the soft threshold takes λ off the slope of 2. */
    @Test
    void lasso_shrinksByThePenalty() {
        assertThat(Lasso.fit(new double[][] {{1}, {-1}}, new double[] {2, -2}, 0.5))
                .containsExactly(new double[] {1.5}, within(1e-9));
        assertThat(Lasso.fit(new double[][] {{1, 0}, {-1, 0}}, new double[] {2, -2}, 3))
                .containsExactly(0, 0);
    }

    @Test
    void sprites_areAllCombinations_wellInsideThePicture() {
        assertThat(SPRITES.images().size()).isEqualTo(3 * 3 * 4 * 4 * 4);
        INDArray images = SPRITES.images().features();
        assertThat(images.sum(1).minNumber().doubleValue()).isGreaterThan(10);
        INDArray grids = images.reshape(images.size(0), 32, 32);
        for (int border : new int[] {0, 31}) {
            assertThat(grids.get(NDArrayIndex.all(), NDArrayIndex.point(border), NDArrayIndex.all())
                            .amaxNumber()
                            .doubleValue())
                    .isZero();
            assertThat(grids.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(border))
                            .amaxNumber()
                            .doubleValue())
                    .isZero();
        }
        int[][] factors = SPRITES.factors();
        assertThat(factors[0]).containsExactly(0, 0, 0, 0, 0);
        assertThat(factors[1]).containsExactly(0, 0, 0, 0, 1);
        assertThat(factors[factors.length - 1]).containsExactly(2, 2, 3, 3, 3);
        assertThatThrownBy(() -> Sprites.generate(0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void wrongArguments_areClearErrors() {
        assertThatThrownBy(() -> MutualInformationGap.compute(Nd4j.rand(3, 2), FACTORS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a code [N, n] for each of 576 examples, got shape [3, 2]");
        assertThatThrownBy(() -> FactorVaeScore.compute(perfect().putScalar(3, 3, Double.NaN), FACTORS, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must be finite, got NaN");
        assertThatThrownBy(() -> Factors.of(new int[][] {{1, 2}, {1, 3}}, List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a factor must have at least 2 values, got one of 'a'");
        assertThatThrownBy(() -> Factors.of(new int[][] {{1, 2}, {1}}, List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a value for each of [a, b]");
        assertThatThrownBy(() -> Factors.of(new int[][] {{1}, {2}}, List.of("a"), "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("categorical factors must be among [a]");
    }
}
