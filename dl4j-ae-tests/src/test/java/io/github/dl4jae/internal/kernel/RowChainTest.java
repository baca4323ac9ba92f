package io.github.dl4jae.internal.kernel;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RowChainTest {

    private static INDArray normal(long rows, long columns) {
        return Nd4j.randn(DataType.FLOAT, rows, columns);
    }

    private static INDArray product(INDArray x, INDArray W, INDArray b) {
        return x.castTo(DataType.DOUBLE)
                .mmul(W.castTo(DataType.DOUBLE))
                .addRowVector(b.castTo(DataType.DOUBLE))
                .castTo(DataType.FLOAT);
    }

    private static INDArray output(RowStep step, INDArray x) {
        return Objects.requireNonNull(RowChain.of(List.of(Objects.requireNonNull(step)), x.size(1)))
                .output(x);
    }

    /** Sizes below and above the limits of OpenBLAS's small products, and of those on one thread. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,3,50",
        "1,784,512",
        "1,1000,700",
        "1,70000,3",
        "2,5,1",
        "3,784,512",
        "5,4100,33",
        "8,784,130",
        "9,20,1000",
        "16,784,100",
        "16,9000,20",
        "17,784,40",
        "33,64,31",
        "65,4100,33",
        "1100,30,70",
        "40,70000,2"
    })
    void products_areThoseOfFloat64(int rows, int n, int m) {
        Nd4j.getRandom().setSeed(rows + n + m);
        INDArray x = normal(rows, n);
        INDArray weights = normal(n, m);
        INDArray b = normal(1, m);
        INDArray back = normal(1, n);
        INDArray h = normal(rows, m);
        for (char order : new char[] {'f', 'c'}) {
            // in 'c' order, the terms of a sum are added one after the other, so that rounding grows with their number
            double tolerance = order == 'f' ? 2e-6 * Math.sqrt(Math.max(n, m)) : 4e-6 + 3e-7 * Math.max(n, m);
            INDArray W = weights.dup(order);
            assertThatArray(output(new RowStep.Source().dense(W, b, new ActivationIdentity()), x))
                    .isCloseTo(product(x, W, b), tolerance);
            assertThatArray(output(new RowStep.Source().transposed(W, back, new ActivationIdentity()), h))
                    .isCloseTo(product(h, W.transpose(), back), tolerance);
        }
    }

    /** Few nonzero values: the products visit only these. */
    @ParameterizedTest
    @CsvSource("20,3000,100")
    void sparseRows_giveTheSame(int rows, int n, int m) {
        requireProductsOfSparseRows(rows, n, m);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource("1,8192,512")
    void sparseRow_givesTheSame(int rows, int n, int m) {
        requireProductsOfSparseRows(rows, n, m);
    }

    private static void requireProductsOfSparseRows(int rows, int n, int m) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.zeros(DataType.FLOAT, rows, n);
        INDArray h = Nd4j.zeros(DataType.FLOAT, rows, 8L * m);
        for (int i = 0; i < rows; i++) {
            x.putScalar(i, 7 * i + 1, 2f);
            h.putScalar(i, 5 * i + 3, -3f);
        }
        INDArray b = normal(1, m);
        INDArray back = normal(1, n);

        for (char order : new char[] {'f', 'c'}) {
            INDArray W = normal(n, m).dup(order);
            INDArray V = normal(n, 8L * m).dup(order);
            assertThatArray(output(new RowStep.Source().dense(W, b, new ActivationIdentity()), x))
                    .isCloseTo(product(x, W, b), 1e-5);
            assertThatArray(output(new RowStep.Source().transposed(V, back, new ActivationIdentity()), h))
                    .isCloseTo(product(h, V.transpose(), back), 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "300"})
    void firstColumns_areThoseOfTheWholeProduct(int rows) {
        INDArray x = normal(rows, 30);
        INDArray W = normal(30, 14).dup('f');
        INDArray b = normal(1, 14);

        INDArray all = product(x, W, b);

        assertThatArray(output(new RowStep.Source().firstColumns(W, b, 7), x))
                .isCloseTo(all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 7)), 1e-5);
    }

    @Test
    void widthsThatDoNotFit_giveNoChain() {
        RowStep step =
                Objects.requireNonNull(new RowStep.Source().dense(normal(30, 14).dup('f'), null, new ActivationTanH()));

        assertThat(RowChain.of(List.of(step), 29)).isNull();
        assertThat(RowChain.of(List.of(step, step), 30)).isNull();
        assertThat(RowChain.of(List.of(RowStep.IDENTITY, step), 30)).isNotNull();
    }

    @Test
    void parameters_thatCannotBeReadAsRows_giveNoStep() {
        RowStep.Source steps = new RowStep.Source();
        INDArray W = normal(30, 14).dup('f');
        INDArray closed = normal(30, 14).dup('f');
        closed.close();

        assertThat(steps.dense(W, null, new ActivationTanH())).isNotNull();
        assertThat(steps.dense(W.dup('c'), null, new ActivationTanH())).isNotNull();
        INDArray part = normal(60, 14).dup('f').get(NDArrayIndex.interval(0, 30), NDArrayIndex.all());
        assertThat(steps.dense(part, null, new ActivationTanH())).isNull();
        assertThat(steps.dense(W.castTo(DataType.DOUBLE), null, new ActivationTanH()))
                .isNull();
        assertThat(steps.dense(W, null, new ActivationSoftmax())).isNull();
        assertThat(steps.dense(closed, null, new ActivationTanH())).isNull();
        assertThat(RowStep.of(new ActivationSoftmax())).isNull();
    }

    @Test
    void result_thatIsTooLarge_isNotAccepted() {
        RowChain chain = Objects.requireNonNull(RowChain.of(
                List.of(Objects.requireNonNull(
                        new RowStep.Source().dense(normal(3, 1000).dup('f'), null, new ActivationTanH()))),
                3));

        assertThat(chain.accepts(FloatRows.LARGEST / 1000)).isTrue();
        assertThat(chain.accepts(FloatRows.LARGEST / 1000 + 1)).isFalse();
    }

    private static RowStep dense(int n, int m) {
        return Objects.requireNonNull(new RowStep.Source().dense(normal(n, m).dup('f'), null, new ActivationTanH()));
    }

    /** The memory between two products has a limit, which only hidden layers reach. */
    @Test
    void hiddenRows_thatAreTooLong_giveNoChain() {
        int longest = (int) (FloatRows.LARGEST / 2048);

        assertThat(RowChain.of(List.of(dense(1, longest), dense(longest, 1)), 1))
                .isNotNull();
        assertThat(RowChain.of(List.of(dense(1, longest + 1), dense(longest + 1, 1)), 1))
                .isNull();
        assertThat(RowChain.of(List.of(dense(1, longest + 1)), 1)).isNotNull();
    }

    /** More rows than are computed at a time, of three products, so that both halves of the memory are used again. */
    @ParameterizedTest
    @CsvSource({"1", "16", "1024", "1025", "3000"})
    void stages_readWhatTheStageBeforeWrote(int rows) {
        INDArray x = normal(rows, 7);
        INDArray W = normal(7, 30).dup('f');
        INDArray V = normal(30, 5).dup('f');
        INDArray U = normal(5, 9).dup('f');
        INDArray zero = Nd4j.zeros(DataType.FLOAT, 1, 30);
        List<RowStep> steps = Stream.of(W, V, U)
                .map(weights -> new RowStep.Source().dense(weights, null, new ActivationIdentity()))
                .map(Objects::requireNonNull)
                .toList();

        INDArray y = Objects.requireNonNull(RowChain.of(steps, 7)).output(x);

        INDArray h = product(product(x, W, zero), V, zero.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)));
        assertThatArray(y).isCloseTo(product(h, U, zero.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 9))), 1e-3);
    }

    @Test
    void threads_canShareAChain_andItsSource() throws Exception {
        INDArray W = normal(40, 60).dup('f');
        INDArray back = normal(1, 40);
        RowStep.Source encoder = new RowStep.Source();
        RowStep.Source decoder = new RowStep.Source();
        Callable<RowChain> chain = () -> Objects.requireNonNull(RowChain.of(
                List.of(
                        Objects.requireNonNull(encoder.dense(W, null, new ActivationTanH())),
                        Objects.requireNonNull(decoder.transposed(W, back, new ActivationIdentity()))),
                40));
        RowChain shared = chain.call();
        List<INDArray> inputs = IntStream.of(1, 3, 16, 17, 300, 2000)
                .mapToObj(rows -> normal(rows, 40))
                .toList();
        List<INDArray> expected = inputs.stream().map(shared::output).toList();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        Callable<Boolean> calls = () -> {
            boolean equal = true;
            for (int i = 0; i < 200; i++) {
                RowChain each = i % 2 == 0 ? shared : chain.call();
                int which = (int) (Thread.currentThread().getId() + i) % inputs.size();
                equal &= each.output(inputs.get(which)).equals(expected.get(which));
            }
            return equal;
        };

        List<Future<Boolean>> results = threads.invokeAll(Collections.nCopies(6, calls));

        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
        threads.shutdown();
    }

    /** The second call of the thread must not read what the first one left behind. */
    @Test
    void failure_ofAnActivation_leavesTheThreadUsable() {
        AtomicBoolean fails = new AtomicBoolean(true);
        RowStep failing = RowStep.of((row, derivative, n, training) -> {
            if (fails.get()) {
                throw new IllegalStateException("activation");
            }
        });
        RowChain chain = Objects.requireNonNull(RowChain.of(List.of(dense(5, 9), failing, dense(9, 4)), 5));
        INDArray x = normal(6, 5);

        assertThatThrownBy(() -> chain.output(x)).hasMessage("activation");
        fails.set(false);

        assertThat(chain.output(x)).isEqualTo(chain.output(x));
    }
}
