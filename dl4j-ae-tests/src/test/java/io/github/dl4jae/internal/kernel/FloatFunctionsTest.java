package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

class FloatFunctionsTest {

    private static final int N = 4096;

    /** Arguments of all sizes from 1e-6 to 80, of both signs. */
    private static float[] arguments() {
        Random random = new Random(1);
        float[] z = new float[N];
        for (int i = 0; i < N; i++) {
            z[i] = (float) (Math.pow(10, random.nextDouble() * 7.9 - 6) * (random.nextBoolean() ? 1 : -1));
        }
        return z;
    }

    private static void requireAccurate(float[] found, float[] z, DoubleUnaryOperator exact) {
        for (int i = 0; i < N; i++) {
            double expected = exact.applyAsDouble(z[i]);
            assertThat((double) found[i])
                    .as("at z = %s", z[i])
                    .isCloseTo(expected, Offset.offset(4e-7 * Math.abs(expected)));
        }
    }

    @Test
    void sigmoidAndSoftplus_overTheWholeRange_areAccurateRelatively() {
        float[] z = arguments();
        float[] sigma = new float[N];
        float[] softplus = new float[N];
        FloatFunctions.ofThread(N).sigmoidAndSoftplus(z, sigma, softplus, N);

        requireAccurate(sigma, z, t -> 1 / (1 + Math.exp(-t)));
        requireAccurate(softplus, z, t -> Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))));
    }

    @Test
    void exponential_ofWhatIsNotPositive_isAccurateRelatively() {
        float[] z = arguments();
        for (int i = 0; i < N; i++) {
            z[i] = -Math.abs(z[i]);
        }
        float[] e = z.clone();
        FloatFunctions.ofThread(N).expOfNonPositive(e, e, N);
        requireAccurate(e, z, Math::exp);
    }

    @Test
    void logarithm_overTheWholeRange_isAccurateRelatively() {
        Random random = new Random(2);
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            // a quarter of them close to 1, where the logarithm is small
            x[i] = (float)
                    (i % 4 == 0
                            ? 1 + (random.nextDouble() - 0.5) / 1000
                            : Math.pow(10, random.nextInt(60) - 30) * random.nextDouble());
        }
        x[0] = Float.MIN_NORMAL;
        x[1] = Float.MAX_VALUE;
        x[2] = 1;
        x[3] = Math.nextDown(1f);
        float[] ln = x.clone();
        FloatFunctions.ofThread(N).log(ln, ln, N);
        requireAccurate(ln, x, Math::log);
    }

    @Test
    void sigmoid_inPlace_isTheSame() {
        float[] z = arguments();
        float[] a = z.clone();
        FloatFunctions.ofThread(N).sigmoid(a, a, N);
        requireAccurate(a, z, t -> 1 / (1 + Math.exp(-t)));
    }

    @Test
    void tanh_overTheWholeRange_isAccurateRelatively() {
        float[] z = arguments();
        float[] a = z.clone();
        FloatFunctions.tanh(a, a, N);
        requireAccurate(a, z, Math::tanh);
    }

    @Test
    void limits_areRight() {
        float[] z = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 40f, -200f};
        float[] sigma = new float[z.length];
        float[] softplus = new float[z.length];
        float[] tanh = new float[z.length];
        FloatFunctions functions = FloatFunctions.ofThread(z.length);
        functions.sigmoidAndSoftplus(z, sigma, softplus, z.length);
        FloatFunctions.tanh(z, tanh, z.length);

        Offset<Float> tiny = Offset.offset(1e-37f);
        assertThat(sigma[0]).isNaN();
        assertThat(softplus[0]).isNaN();
        assertThat(tanh[0]).isNaN();
        assertThat(sigma[1]).isEqualTo(1f);
        assertThat(softplus[1]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(tanh[1]).isEqualTo(1f);
        assertThat(sigma[2]).isCloseTo(0f, tiny);
        assertThat(softplus[2]).isCloseTo(0f, tiny);
        assertThat(tanh[2]).isEqualTo(-1f);
        assertThat(sigma[3]).isEqualTo(0.5f);
        assertThat(sigma[4]).isEqualTo(0.5f);
        assertThat(tanh[3]).isZero();
        assertThat(softplus[5]).isEqualTo(40f);
        assertThat(sigma[6]).isCloseTo(0f, tiny);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 33, 784, 4095})
    void sum_ofAnyLength_isThatOfFloat64(int n) {
        Random random = new Random(2);
        float[] values = new float[n];
        double expected = 0;
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat();
            expected += values[i];
        }
        assertThat((double) FloatFunctions.sum(values, n)).isCloseTo(expected, Offset.offset(1e-6 * expected));
    }

    @Test
    void longerArrays_getANewInstance() {
        FloatFunctions.ofThread(4);
        float[] z = new float[100_000];
        FloatFunctions.ofThread(z.length).sigmoid(z, z, z.length);
        assertThat(z[99_999]).isEqualTo(0.5f);
    }

    /** A user's activation that only inherits from a stock one is computed by its own formula. */
    @Test
    void subclassesOfStockActivations_haveNoLoop() {
        assertThat(ActivationKernels.rows(new ActivationTanH())).contains(ElementwiseActivation.TANH);
        assertThat(ActivationKernels.rows(new ActivationTanH() {})).isEmpty();
        assertThat(ActivationKernels.rows(new ActivationReLU(6.0, null, null))).isEmpty();
    }
}
