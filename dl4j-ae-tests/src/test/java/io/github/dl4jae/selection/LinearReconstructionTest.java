package io.github.dl4jae.selection;

import static io.github.dl4jae.selection.SelectionTables.examples;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class LinearReconstructionTest {
    @Test
    void linearReconstruction_fromOneColumn_isThatOfSimpleRegression() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2, 5}, {2, 3, 5}, {3, 7, 5}});
        LinearReconstruction fit = LinearReconstruction.fit(x, 0);
        // slope cov/var = (½·5)/1 = 2.5, mean 4: predictions 1.5, 4, 6.5, residuals ½, −1, ½ of a total of 14
        assertThat(fit.reconstruct(x).getColumn(1).toDoubleVector())
                .containsExactly(new double[] {1.5, 4, 6.5}, within(1e-12));
        assertThat(fit.r2(x)[0]).isCloseTo(1, within(1e-12));
        assertThat(fit.r2(x)[1]).isCloseTo(1 - 1.5 / 14, within(1e-12));
        assertThat(fit.r2(x)[2]).as("a constant has nothing to explain").isNaN();
        assertThat(fit.meanSquaredError(x)).isCloseTo(1.5 / 9, within(1e-12));
    }

    @Test
    void linearReconstruction_doesNotDependOnUnits() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 50, 3).muliRowVector(Nd4j.createFromArray(1e6, 1, 1e-6));
        assertThat(LinearReconstruction.fit(x, 0, 1, 2).r2(x)).containsExactly(new double[] {1, 1, 1}, within(1e-9));
    }

    @Test
    void linearReconstruction_fromDuplicatesAndConstants_isThatWithoutThem() {
        INDArray x = examples(40, 5);
        x.getColumn(3).assign(2);
        x.getColumn(4).assign(x.getColumn(0));
        double expected = LinearReconstruction.fit(x, 0, 1).meanSquaredError(x);

        assertThat(LinearReconstruction.fit(x, 0, 1, 3, 4).meanSquaredError(x)).isCloseTo(expected, within(1e-9));
        assertThatThrownBy(() -> LinearReconstruction.fit(x, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one or more in [0, 4], got [5]");
        assertThatThrownBy(() -> LinearReconstruction.fit(x, 1).reconstruct(x.getColumns(0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, 5], got [40, 2]");
    }

    @Test
    void decode_needsOnlyTheSelectedValues() {
        INDArray x = examples(40, 5);
        LinearReconstruction fit = LinearReconstruction.fit(x, 4, 1);
        assertThatArray(fit.decode(x.getColumns(4, 1))).isEqualTo(fit.reconstruct(x));
        assertThatThrownBy(() -> fit.decode(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LinearReconstruction: selected values must be [N, 2], got [40, 5]; give the values of the"
                        + " columns of the fit, in its order");
    }
}
