package io.github.dl4jae.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rate and its gradients equal those of PyTorch's automatic differentiation of the paper's formulas, with H_i =
 * sin(1.3i) − 0.5, b_i = 0.4·cos(0.7i), a_i = 0.8·sin(0.9i + 1), and a floor that passes gradients that raise p.
 */
class RatePassTest {

    private static final double[] Y = {-7.25, -1, 0, 0.4, 2, 9.5};
    private static final double[] PROBABILITIES = {
        2.7829658513354343e-16,
        0.2572943172151647,
        0.7295548435379547,
        0.2975583388554637,
        3.606385990238479e-05,
        5.128609506603173e-22
    };
    private static final double BITS = 29.897352853986263
            + 1.9585085018500017
            + 0.45491165954586693
            + 1.7487555460423168
            + 14.759086658254127
            + 29.897352853986263;

    private static double[] values(int n, IntToDoubleFunction f) {
        return IntStream.range(0, n).mapToDouble(f).toArray();
    }

    private static CumulativeNetwork network() {
        return new CumulativeNetwork(
                values(CumulativeNetwork.WEIGHTS, i -> Math.sin(1.3 * i) - 0.5),
                values(CumulativeNetwork.BIASES, i -> 0.4 * Math.cos(0.7 * i)),
                values(CumulativeNetwork.FACTORS, i -> 0.8 * Math.sin(0.9 * i + 1)));
    }

    private static RatePass pass() {
        return new RatePass(List.of(network()), Y, IntStream.range(0, Y.length).toArray());
    }

    @ParameterizedTest
    @CsvSource({"-3, -16.299006825167577", "0.25, 2.808324526857608", "5, 28.542268619080406"})
    void logit_isPyTorchs(double x, double expected) {
        assertThat(network().logit(x)).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void probability_isPyTorchs_inTheTailsToo(int i) {
        double p = RatePass.probability(network().logit(Y[i] - 0.5), network().logit(Y[i] + 0.5));

        assertThat(p / PROBABILITIES[i]).isCloseTo(1, within(1e-10));
    }

    @Test
    void bits_arePyTorchs_withTheFloor() {
        assertThat(pass().bits()).isCloseTo(BITS, within(1e-11));
    }

    @Test
    void gradientOfCodes_isPyTorchs() {
        assertThat(pass().sharedGradient())
                .containsExactly(
                        new double[] {
                            -2.0577247181079513e-06,
                            -6.173425092037856,
                            2.0297183257639326,
                            4.9284228606053135,
                            8.042936621880473,
                            3.785265071930408e-12
                        },
                        within(1e-10));
    }

    @Test
    void gradientsOfParameters_arePyTorchs() {
        CumulativeNetwork.Gradients gradients = pass().sharedGradients(0);

        assertThat(Arrays.copyOf(gradients.H, 4))
                .containsExactly(
                        new double[] {2.3983984350522642, 3.58947891700673, 3.4728743679923593, 0.8764388497349842},
                        within(1e-10));
        assertThat(Arrays.copyOfRange(gradients.H, 29, 33))
                .containsExactly(
                        new double[] {0.5835076483229676, 4.507877978947315, 6.072028245269234, 0.9482744229037795},
                        within(1e-10));
        assertThat(gradients.b)
                .containsExactly(
                        new double[] {
                            4.36045205032371,
                            3.8170706419880287,
                            4.463122897591283,
                            2.433933091640121,
                            2.439842268233803,
                            2.158273667719358,
                            2.1622136248264328,
                            2.028040803975832,
                            1.6072529478431437,
                            1.702405906463997,
                            1.2024971325615834,
                            0.40705523234435037,
                            1.7361836131197288
                        },
                        within(1e-10));
        assertThat(gradients.a)
                .containsExactly(
                        new double[] {
                            1.880254970785297,
                            2.0577342460414885,
                            3.2252577765286503,
                            2.1612368705084264,
                            1.8920604382662196,
                            2.2384115288503414,
                            1.7188565854367308,
                            1.2550516570915804,
                            0.9365471836664992,
                            1.8869143307429455,
                            1.5317428890539515,
                            0.29967134073921675
                        },
                        within(1e-10));
    }

    /** More values than a block holds, in two channels: sums over blocks, and rows that do not count. */
    @Test
    void manyRows_addUp_andOthersDoNotCount() {
        double[] twoChannels = values(2 * 601, i -> Y[i / 2 % Y.length]);
        int[] rows = IntStream.range(0, 600).toArray();

        RatePass pass = new RatePass(List.of(network(), network()), twoChannels, rows);

        assertThat(pass.bits()).isCloseTo(200 * BITS, within(1e-8));
        assertThat(pass.sharedGradient()[2 * 600]).isZero();
        assertThat(pass.sharedGradients(1).b)
                .containsExactly(
                        Arrays.stream(pass().sharedGradients(0).b)
                                .map(b -> 100 * b)
                                .toArray(),
                        within(1e-8));
    }

    /** The first prior is about logistic with the scale of the option. */
    @Test
    void firstPrior_hasItsScale() {
        CumulativeNetwork first = new CumulativeNetwork(
                CumulativeNetwork.initialWeights(10),
                new double[CumulativeNetwork.BIASES],
                new double[CumulativeNetwork.FACTORS]);

        assertThat(first.logit(7)).isCloseTo(0.7, within(1e-12));
    }
}
