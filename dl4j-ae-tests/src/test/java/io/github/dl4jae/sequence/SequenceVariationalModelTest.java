package io.github.dl4jae.sequence;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.variational.GaussianPosterior;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SequenceVariationalModelTest {

    private static final int FEATURES = 2;
    private static final int STEPS = 5;
    private static final int LATENTS = 3;
    private static final int[] LENGTHS = {5, 2, 3};

    private static SequenceAutoencoder autoencoder(boolean conditioned, StepLikelihood likelihood) {
        return new SequenceAutoencoder.Builder()
                .features(FEATURES)
                .code(LATENTS)
                .hidden(6)
                .conditioned(conditioned)
                .variational()
                .likelihood(likelihood)
                .build();
    }

    private static INDArray sequences() {
        return RandomSequences.of(LENGTHS, FEATURES, STEPS, 0);
    }

    private static INDArray mask() {
        return RandomSequences.mask(LENGTHS, STEPS);
    }

    private static INDArray codes(int rows) {
        Nd4j.getRandom().setSeed(2);
        return Nd4j.randn(DataType.FLOAT, rows, LATENTS);
    }

    @Test
    void posterior_hasTheMeansOfTheCodes() {
        SequenceAutoencoder autoencoder = autoencoder(false, StepLikelihood.gaussian(1));

        GaussianPosterior posterior = autoencoder.variationalModel().posterior(sequences(), mask());

        assertThat(posterior.rows()).isEqualTo(LENGTHS.length);
        assertThatArray(posterior.means().castTo(DataType.FLOAT))
                .isCloseTo(autoencoder.encode(sequences(), mask()), 1e-6);
    }

    /** The unconditioned decoder gives the means of all steps; the density is that of the normal distribution. */
    @Test
    void logLikelihood_isTheSumOverUnmaskedSteps() {
        SequenceVariationalModel model =
                autoencoder(false, StepLikelihood.gaussian(2)).variationalModel();
        INDArray codes = codes(2 * LENGTHS.length);
        INDArray x = sequences();
        INDArray means = autoencoder(false, StepLikelihood.gaussian(2)).decode(codes, STEPS);
        for (int row = 0; row < 2 * LENGTHS.length; row++) {
            int example = row % LENGTHS.length;
            double expected = 0;
            for (int t = 0; t < LENGTHS[example]; t++) {
                for (int f = 0; f < FEATURES; f++) {
                    double z = (x.getDouble(example, f, t) - means.getDouble(row, f, t)) / 2;
                    expected -= 0.5 * z * z + Math.log(2 * Math.sqrt(2 * Math.PI));
                }
            }

            assertThat(model.logLikelihood(x, mask(), codes)[row]).isCloseTo(expected, within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logLikelihood_hasTheGradientOfCentralDifferences(boolean conditioned) {
        SequenceVariationalModel model =
                autoencoder(conditioned, StepLikelihood.gaussian(1)).variationalModel();
        INDArray codes = codes(LENGTHS.length);
        double[] gradient = new double[LENGTHS.length * LATENTS];

        double[] values = model.logLikelihood(sequences(), codes, gradient);

        assertThat(values).containsExactly(model.logLikelihood(sequences(), codes), within(1e-4));
        INDArray above = codes.dup();
        above.get(NDArrayIndex.all(), NDArrayIndex.point(1)).addi(0.01);
        INDArray below = codes.dup();
        below.get(NDArrayIndex.all(), NDArrayIndex.point(1)).subi(0.01);
        double[] up = model.logLikelihood(sequences(), above);
        double[] down = model.logLikelihood(sequences(), below);
        double[] expected = new double[LENGTHS.length];
        double[] found = new double[LENGTHS.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (up[i] - down[i]) / 0.02;
            found[i] = gradient[i * LATENTS + 1];
        }
        assertThat(found).containsExactly(expected, within(2e-3));
    }

    @Test
    void logLikelihood_ofPaddedSequence_isThatOfTheSequenceAlone_toTheBit() {
        SequenceVariationalModel model =
                autoencoder(true, StepLikelihood.bernoulli()).variationalModel();
        INDArray x = sequences().gt(0).castTo(DataType.FLOAT);
        INDArray codes = codes(LENGTHS.length);
        INDArray alone = x.get(NDArrayIndex.interval(1, 2), NDArrayIndex.all(), NDArrayIndex.interval(0, 2));

        double[] among = model.logLikelihood(x, mask(), codes);

        assertThat(model.logLikelihood(alone, codes.getRow(1, true))).containsExactly(among[1]);
    }

    @Test
    void samples_areOneHotTokens_andDependOnTheSeed() {
        SequenceAutoencoder autoencoder = autoencoder(true, StepLikelihood.categorical());
        autoencoder.data(sequences(), mask(), new SequenceTraining.Builder().build()); // sets the number of steps
        SequenceVariationalModel model = autoencoder.variationalModel();
        INDArray codes = model.samplePrior(40, 1);

        INDArray samples = model.sample(codes, 7);

        assertThat(samples.shape()).containsExactly(40, FEATURES, STEPS);
        assertThatArray(samples.sum(1)).isEqualTo(Nd4j.ones(DataType.FLOAT, 40, STEPS));
        assertThatArray(samples.eq(0).castTo(DataType.FLOAT).add(samples))
                .isEqualTo(Nd4j.ones(DataType.FLOAT, 40, FEATURES, STEPS));
        assertThatArray(model.sample(codes, 7)).isEqualTo(samples);
        assertThat(model.sample(codes, 8)).isNotEqualTo(samples);
    }

    @Test
    void samplesOfThePrior_areStandardNormal() {
        INDArray z = autoencoder(false, StepLikelihood.gaussian(1))
                .variationalModel()
                .samplePrior(4000, 3);

        assertThat(z.meanNumber().doubleValue()).isCloseTo(0, within(0.03));
        assertThat(z.stdNumber().doubleValue()).isCloseTo(1, within(0.03));
    }

    @Test
    void requests_thatHaveNoAnswer_areRefused() {
        SequenceVariationalModel model =
                autoencoder(true, StepLikelihood.bernoulli()).variationalModel();
        assertThatThrownBy(model::levels)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps that depend on those before them");
        assertThatThrownBy(() -> model.given(Nd4j.ones(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no side inputs, got 1 conditions");
        assertThatThrownBy(() -> model.logLikelihood(sequences(), codes(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a multiple of the number of examples, 3, got 4");
    }
}
