package io.github.dl4jae.internal.kernel;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Images and sequences as rows with channels last: their values, and where a copy is avoided. */
class ImageRowsTest {

    private static INDArray values(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    private static INDArray rows(INDArray images, boolean channelsFirst) {
        return ImageRows.of(images, channelsFirst, ArrayType.ACTIVATIONS, LayerWorkspaceMgr.noWorkspaces());
    }

    /** Returns shapes with channels last, with and without dimensions of size 1. */
    static Stream<long[]> shapes() {
        return Stream.of(
                new long[] {3, 4, 5, 2},
                new long[] {1, 4, 5, 2},
                new long[] {3, 1, 5, 2},
                new long[] {3, 4, 1, 2},
                new long[] {3, 4, 5, 1},
                new long[] {3, 1, 1, 2},
                new long[] {1, 1, 1, 1},
                new long[] {3, 5, 2},
                new long[] {1, 5, 2},
                new long[] {3, 1, 2},
                new long[] {3, 5, 1});
    }

    private static INDArray channelsFirst(INDArray last) {
        return last.rank() == 3 ? last.permute(0, 2, 1) : last.permute(0, 3, 1, 2);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void viewOfChannelsLast_isReadWithoutACopy(long[] shape) {
        INDArray last = values(shape);
        INDArray expected = last.dup().reshape('c', shape[0], last.length() / shape[0]);

        INDArray rows = rows(channelsFirst(last), true);

        assertThatArray(rows).isEqualTo(expected);
        assertThat(FloatRows.canView(rows)).isTrue();
        last.addi(1);
        assertThatArray(rows).isEqualTo(expected.add(1));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void channelsLast_areReadWithoutACopy(long[] shape) {
        INDArray last = values(shape);
        INDArray expected = last.dup().reshape('c', shape[0], last.length() / shape[0]);

        INDArray rows = rows(last, false);

        last.addi(1);
        assertThatArray(rows).isEqualTo(expected.add(1));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void channelsFirstInMemory_areTransposed(long[] shape) {
        INDArray last = values(shape);

        INDArray rows = rows(channelsFirst(last).dup('c'), true);

        assertThatArray(rows).isEqualTo(last.reshape('c', shape[0], last.length() / shape[0]));
        assertThat(FloatRows.canView(rows)).isTrue();
    }

    /** One channel is in the order of both formats. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void imagesOfOneChannel_areReadWithoutACopy(boolean channelsFirst) {
        INDArray images = channelsFirst ? values(3, 1, 4, 5) : values(3, 4, 5, 1);

        INDArray rows = rows(images, channelsFirst);

        images.addi(1);
        assertThatArray(rows).isEqualTo(images.reshape('c', 3, 20));
    }

    static Stream<Arguments> views() {
        INDArray wide = values(3, 4, 8, 2);
        return Stream.of(
                arguments(named(
                        "columns",
                        wide.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(0, 5),
                                NDArrayIndex.all()))),
                arguments(named(
                        "one column",
                        wide.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(3, 4),
                                NDArrayIndex.all()))),
                arguments(named(
                        "one row",
                        wide.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(1, 2),
                                NDArrayIndex.all(),
                                NDArrayIndex.all()))),
                arguments(named("the last images", wide.get(NDArrayIndex.interval(1, 3)))),
                arguments(named(
                        "one channel",
                        wide.get(
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.all(),
                                NDArrayIndex.interval(1, 2)))),
                arguments(named("'f' order", values(3, 4, 5, 2).dup('f'))));
    }

    /** Gaps between values need a copy. */
    @ParameterizedTest
    @MethodSource("views")
    void viewsOfOtherArrays_giveTheirValues(INDArray view) {
        INDArray expected = view.dup('c').reshape('c', view.size(0), view.length() / view.size(0));

        assertThatArray(rows(view, false)).isEqualTo(expected);
        assertThatArray(rows(channelsFirst(view), true)).isEqualTo(expected);
    }
}
