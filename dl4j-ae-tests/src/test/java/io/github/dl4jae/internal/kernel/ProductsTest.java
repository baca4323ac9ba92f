package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Each product against ND4J's own, in float64. Sizes are odd, so that blocks and cache lines do not come out even. */
class ProductsTest {

    private static final int B = 131;
    private static final int N = 997;
    private static final int M = 77;

    /** A matrix with a number of nonzero values per row, on average if it is not whole. */
    private static INDArray sparse(int rows, int columns, double perRow, DataType type) {
        Random random = new Random(3);
        INDArray matrix = Nd4j.zeros(DataType.DOUBLE, rows, columns);
        for (int i = 0; i < rows * perRow; i++) {
            matrix.putScalar(random.nextInt(rows), random.nextInt(columns), random.nextGaussian());
        }
        return matrix.castTo(type);
    }

    private static INDArray normal(int rows, int columns, char order, DataType type) {
        return Nd4j.randn(DataType.DOUBLE, new long[] {rows, columns})
                .castTo(type)
                .dup(order);
    }

    private static void requireClose(INDArray found, INDArray expected) {
        double tolerance = found.dataType() == DataType.DOUBLE ? 1e-12 : 1e-5;
        INDArray difference = found.castTo(DataType.DOUBLE).sub(expected);
        assertThat(difference.amaxNumber().doubleValue())
                .isLessThan(tolerance * (1 + expected.amaxNumber().doubleValue()));
    }

    private static INDArray exact(INDArray a) {
        return a.castTo(DataType.DOUBLE);
    }

    /** 20 of 997 is below the limit of density, and 500 above. */
    @ParameterizedTest
    @CsvSource({
        "0, f, FLOAT", "0.02, f, FLOAT", "4, f, FLOAT", "20, f, FLOAT", "500, f, FLOAT", "4, f, DOUBLE",
                "500, f, DOUBLE",
        "0, c, FLOAT", "0.02, c, FLOAT", "4, c, FLOAT", "20, c, FLOAT", "500, c, FLOAT", "4, c, DOUBLE",
                "500, c, DOUBLE"
    })
    void products_atAnyDensityAndOrder_areThoseOfND4J(double perRow, char order, DataType type) {
        INDArray x = sparse(B, N, perRow, type);
        INDArray W = normal(N, M, order, type);
        INDArray z = Nd4j.create(type, new long[] {B, M}, 'c').assign(9);
        Products.forward(x, W, z);
        requireClose(z, exact(x).mmul(exact(W)));

        INDArray denseDelta = normal(B, M, 'c', type);
        INDArray G = Nd4j.create(type, new long[] {N, M}, order).assign(9);
        Products.weightGradient(x, denseDelta, G);
        requireClose(G, exact(x).transpose().mmul(exact(denseDelta)));

        INDArray denseX = normal(B, M, 'c', type);
        INDArray H = Nd4j.create(type, new long[] {M, N}, order).assign(9);
        Products.weightGradient(denseX, x, H);
        requireClose(H, exact(denseX).transpose().mmul(exact(x)));

        INDArray V = normal(M, N, order, type);
        INDArray epsilon = Nd4j.create(type, new long[] {B, M}, 'c').assign(9);
        Products.inputGradient(x, V, epsilon);
        requireClose(epsilon, exact(x).mmul(exact(V).transpose()));

        INDArray active = Nd4j.create(type, new long[] {B, N}, 'c').assign(9);
        Products.inputGradientWhereActive(denseDelta, W, x, active);
        INDArray mask = exact(x).neq(0).castTo(DataType.DOUBLE);
        requireClose(
                active.mul(mask.castTo(type)),
                exact(denseDelta).mmul(exact(W).transpose()).muli(mask));
    }

    @Test
    void products_ofViewsAndOtherOrders_areThoseOfND4J() {
        INDArray wide = normal(B, 2 * N, 'c', DataType.FLOAT);
        INDArray x = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(N, 2 * N));
        INDArray W = normal(N, M, 'c', DataType.FLOAT);
        INDArray z = Nd4j.create(DataType.FLOAT, new long[] {B, M}, 'c');
        Products.forward(x, W, z);
        requireClose(z, exact(x).mmul(exact(W)));

        INDArray fortran = sparse(B, N, 4, DataType.FLOAT).dup('f');
        INDArray Wf = W.dup('f');
        Products.forward(fortran, Wf, z);
        requireClose(z, exact(fortran).mmul(exact(Wf)));

        INDArray delta = normal(B, M, 'f', DataType.FLOAT);
        INDArray G = Nd4j.create(DataType.FLOAT, new long[] {N, M}, 'f');
        Products.weightGradient(fortran, delta, G);
        requireClose(G, exact(fortran).transpose().mmul(exact(delta)));
    }

    /** The last is too large to be split into blocks. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 700, 3", "3, 1, 700", "700, 3, 1", "17, 33, 129", "130, 1570, 65", "260, 520, 510"})
    void denseProducts_ofAnySize_areThoseOfND4J(int rows, int n, int m) {
        requireProductsOfND4J(rows, n, m, 'f');
        requireProductsOfND4J(rows, n, m, 'c');
    }

    private static void requireProductsOfND4J(int rows, int n, int m, char order) {
        INDArray x = normal(rows, n, 'c', DataType.FLOAT);
        INDArray W = normal(n, m, order, DataType.FLOAT);
        INDArray delta = normal(rows, m, 'c', DataType.FLOAT);
        INDArray z = Nd4j.create(DataType.FLOAT, new long[] {rows, m}, 'c').assign(9);
        INDArray epsilon =
                Nd4j.create(DataType.FLOAT, new long[] {rows, n}, 'c').assign(9);
        INDArray G = Nd4j.create(DataType.FLOAT, new long[] {n, m}, order).assign(9);

        Products.forward(x, W, z);
        Products.inputGradient(delta, W, epsilon);
        Products.weightGradient(x, delta, G);

        requireClose(z, exact(x).mmul(exact(W)));
        requireClose(epsilon, exact(delta).mmul(exact(W).transpose()));
        requireClose(G, exact(x).transpose().mmul(exact(delta)));
    }

    @ParameterizedTest
    @ValueSource(chars = {'f', 'c'})
    void gradientView_inALongerArray_receivesItsPartAlone(char order) {
        INDArray all = Nd4j.create(DataType.FLOAT, N * M + 10).assign(3);
        INDArray G = all.get(NDArrayIndex.interval(5, 5 + N * M)).reshape(order, N, M);
        INDArray x = sparse(B, N, 4, DataType.FLOAT);
        INDArray delta = normal(B, M, 'c', DataType.FLOAT);

        Products.weightGradient(x, delta, G);

        requireClose(G, exact(x).transpose().mmul(exact(delta)));
        assertThat(all.get(NDArrayIndex.interval(0, 5)).sumNumber().doubleValue())
                .isEqualTo(15);
        assertThat(all.get(NDArrayIndex.interval(N * M + 5, N * M + 10))
                        .sumNumber()
                        .doubleValue())
                .isEqualTo(15);
    }

    @Test
    void notANumber_isNotTakenForZero() {
        INDArray x = sparse(B, N, 4, DataType.FLOAT);
        x.putScalar(7, 100, Float.NaN);
        INDArray z = Nd4j.create(DataType.FLOAT, new long[] {B, M}, 'c');
        Products.forward(x, normal(N, M, 'f', DataType.FLOAT), z);
        assertThat(z.getDouble(7, 0)).isNaN();
        assertThat(z.getDouble(8, 0)).isNotNaN();
    }

    @Test
    void rows_ofAnythingButContiguousFloat32_cannotBeSeen() {
        INDArray matrix = Nd4j.ones(DataType.FLOAT, 4, 6);
        assertThat(FloatRows.canView(matrix, matrix.getRow(1))).isTrue();
        assertThat(FloatRows.canView(matrix.transpose())).isFalse();
        assertThat(FloatRows.canView(matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 3))))
                .isFalse();
        assertThat(FloatRows.canView(matrix.castTo(DataType.DOUBLE))).isFalse();
        assertThat(FloatRows.canView(matrix.reshape(2, 2, 6))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 40_000})
    void blocks_coverEachRowOnce(int rows) {
        int[] seen = new int[rows];
        RowBlocks blocks = RowBlocks.of(rows, 10_000);
        blocks.forEach((block, from, to) -> {
            assertThat(block).isBetween(0, blocks.count() - 1);
            for (int i = from; i < to; i++) {
                seen[i]++;
            }
        });
        assertThat(seen).containsOnly(1);
    }
}
