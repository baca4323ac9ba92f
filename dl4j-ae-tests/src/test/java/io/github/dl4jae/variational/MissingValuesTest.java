package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Posteriors and likelihoods of examples with missing values, against the closed forms of a linear-Gaussian model. */
class MissingValuesTest {

    private static final int[] PRESENT = {0, 1, 3};
    private static final double STEP = 1e-5;

    private final VariationalModel model = VariationalModel.of(LinearGaussianModel.probabilisticPca(1), "z");
    private final INDArray x = Nd4j.createFromArray(new double[][] {{1, -0.5, 7, 0.4}, {-0.3, 0.8, -9, 1.1}});
    private final INDArray present = Nd4j.createFromArray(new double[][] {{1, 1, 0, 1}, {1, 1, 0, 1}});

    /** E[z|x_o] = (x_o − c_o) V_oᵀ (V_o V_oᵀ + s² I)⁻¹, with the columns of V that are present. */
    private static double[][] exactMeans(INDArray x) {
        RealMatrix v = new Array2DRowRealMatrix(LinearGaussianModel.LOADINGS).getSubMatrix(new int[] {0, 1}, PRESENT);
        RealMatrix difference = new Array2DRowRealMatrix(
                        x.subRowVector(Nd4j.createFromArray(LinearGaussianModel.CENTER))
                                .toDoubleMatrix())
                .getSubMatrix(new int[] {0, 1}, PRESENT);
        double variance = LinearGaussianModel.DEVIATION * LinearGaussianModel.DEVIATION;
        RealMatrix m = v.multiply(v.transpose())
                .add(MatrixUtils.createRealIdentityMatrix(2).scalarMultiply(variance));
        RealMatrix inverse = new LUDecomposition(m).getSolver().getInverse();
        return difference.multiply(v.transpose()).multiply(inverse).getData();
    }

    @Test
    void posteriors_areThoseOfTheValuesThatArePresent() {
        PosteriorRefinement refined =
                new PosteriorRefinement.Builder(model).steps(600).samples(64).refine(x, present);

        assertThatArray(refined.posterior().means()).isCloseTo(Nd4j.createFromArray(exactMeans(x)), 0.02);
    }

    @Test
    void missingValues_doNotMatter_whereTheAscentBeginsElsewhere() {
        INDArray other = x.dup().putScalar(0, 2, -3);
        INDArray codes = Nd4j.createFromArray(new double[][] {{0.2, -0.4}, {1, 0.3}});

        assertThat(model.logLikelihood(other, present, codes)).containsExactly(model.logLikelihood(x, present, codes));
    }

    @Test
    void gradient_isThatOfTheLikelihoodOfPresentValues() {
        INDArray codes = Nd4j.createFromArray(new double[][] {{0.2, -0.4}, {1, 0.3}});
        double[] gradient = new double[4];

        double[] values = model.logLikelihood(x, present, codes, gradient);

        assertThat(values).containsExactly(model.logLikelihood(x, present, codes), within(1e-10));
        INDArray step = Nd4j.createFromArray(new double[][] {{0, STEP}, {0, STEP}});
        double[] up = model.logLikelihood(x, present, codes.add(step));
        double[] down = model.logLikelihood(x, present, codes.sub(step));
        assertThat(new double[] {gradient[1], gradient[3]})
                .containsExactly(
                        new double[] {(up[0] - down[0]) / (2 * STEP), (up[1] - down[1]) / (2 * STEP)}, within(1e-6));
    }

    @Test
    void maskOfOtherRows_isRefused() {
        INDArray codes = Nd4j.zeros(DataType.DOUBLE, 2, 2);

        assertThatThrownBy(() -> model.logLikelihood(x, Nd4j.ones(3, 4), codes, new double[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a row for each of the 2 examples");
    }
}
