package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RobustPenaltyTest {

    /** Rows of norm 5, 0.5 and 0; columns of norm √9.09 and √16.16. */
    private static final float[][] R = {{3, -4}, {0.3f, 0.4f}, {0, 0}};

    private static final INDArray RESIDUALS = Nd4j.createFromArray(R);

    @Test
    void values_moveTowardZero_byLambda() {
        assertThatArray(RobustPenalty.VALUES.shrink(RESIDUALS, 0.35))
                .isCloseTo(Nd4j.createFromArray(new float[][] {{2.65f, -3.65f}, {0, 0.05f}, {0, 0}}), 1e-6);
    }

    @Test
    void rows_areScaled_byOneMinusLambdaOverTheirNorm() {
        assertThatArray(RobustPenalty.ROWS.shrink(RESIDUALS, 1))
                .isCloseTo(Nd4j.createFromArray(new float[][] {{2.4f, -3.2f}, {0, 0}, {0, 0}}), 1e-6);
    }

    @Test
    void columns_areScaled_byOneMinusLambdaOverTheirNorm() {
        float second = (float) (1 - 3.5 / Math.sqrt(16.16));
        assertThatArray(RobustPenalty.COLUMNS.shrink(RESIDUALS, 3.5))
                .isCloseTo(Nd4j.createFromArray(new float[][] {{0, -4 * second}, {0, 0.4f * second}, {0, 0}}), 1e-6);
    }

    /** The objective of the proximal operator is convex, so no small change can lower it. */
    @ParameterizedTest
    @EnumSource(RobustPenalty.class)
    void proximalOperator_minimizesItsObjective(RobustPenalty penalty) {
        double[][] S = penalty.shrink(RESIDUALS, 0.35).toDoubleMatrix();
        double least = objective(penalty, S);
        for (int i = 0; i < 6; i++) {
            for (double change : new double[] {-1e-3, 1e-3}) {
                S[i / 2][i % 2] += change;
                assertThat(objective(penalty, S)).isGreaterThan(least);
                S[i / 2][i % 2] -= change;
            }
        }
    }

    private static double objective(RobustPenalty penalty, double[][] S) {
        double sum = 0;
        double[] rows = new double[3];
        double[] columns = new double[2];
        double values = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 2; j++) {
                sum += Math.pow(R[i][j] - S[i][j], 2) / 2;
                rows[i] = Math.hypot(rows[i], S[i][j]);
                columns[j] = Math.hypot(columns[j], S[i][j]);
                values += Math.abs(S[i][j]);
            }
        }
        double norm =
                switch (penalty) {
                    case VALUES -> values;
                    case ROWS -> rows[0] + rows[1] + rows[2];
                    case COLUMNS -> columns[0] + columns[1];
                };
        return sum + 0.35 * norm;
    }

    @ParameterizedTest
    @EnumSource(RobustPenalty.class)
    void residuals_stayAsTheyAre(RobustPenalty penalty) {
        INDArray transposed = Nd4j.createFromArray(R).transpose().castTo(DataType.DOUBLE);
        INDArray shrunk = penalty.shrink(transposed, 0);

        assertThatArray(shrunk).hasType(DataType.FLOAT).isCloseTo(transposed.castTo(DataType.FLOAT), 0);
        assertThatArray(transposed.castTo(DataType.FLOAT)).isCloseTo(RESIDUALS.transpose(), 0);
    }

    @Test
    void wrongArguments_areRefused() {
        assertThatThrownBy(() -> RobustPenalty.ROWS.shrink(RESIDUALS, -1))
                .hasMessage("RobustPenalty: lambda must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() -> RobustPenalty.ROWS.shrink(Nd4j.zeros(3), 1))
                .hasMessageContaining("residuals must be a matrix [N, d], got [3]");
    }
}
