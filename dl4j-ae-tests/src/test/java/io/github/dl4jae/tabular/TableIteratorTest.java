package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches of a file against the table that is read at once. */
class TableIteratorTest {

    private static final int ROWS = 103;

    @TempDir
    private Path directory;

    private Path file;
    private FeatureTable table;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(
                directory.resolve("table.csv"),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> i + "," + (i % 10 == 3 ? "" : i * i % 37) + ",c" + i % 3 + ",k" + i % 4)
                        .collect(Collectors.joining("\n", "i,x,c,label\n", "\n")));
        table = new TableReader.Builder().keep("i").label("label").build().read(file);
    }

    private TableIterator.Builder iterator(int batch) {
        return new TableIterator.Builder(file, table.schema(), batch);
    }

    private static INDArray all(TableIterator iterator) {
        List<INDArray> batches = new ArrayList<>();
        iterator.forEachRemaining(batch -> batches.add(batch.getFeatures()));
        return Nd4j.vstack(batches);
    }

    /** The order of rows, by the first feature, which grows. */
    private List<Integer> order(TableIterator iterator) {
        INDArray features = all(iterator);
        return IntStream.range(0, (int) features.size(0))
                .mapToObj(i -> Integer.parseInt(
                        table.schema().decode(features.getRow(i, true)).get(0).get(0)))
                .toList();
    }

    @Test
    void batches_areTheRowsOfTheTable() {
        TableIterator iterator = iterator(10).build();
        List<DataSet> batches = new ArrayList<>();
        iterator.forEachRemaining(batches::add);

        assertThat(batches).hasSize(11);
        assertThat(batches.get(10).numExamples()).isEqualTo(3);
        assertThatArray(Nd4j.vstack(batches.stream().map(DataSet::getFeatures).toList()))
                .isEqualTo(table.features());
        assertThatArray(batches.get(0).getLabels()).isEqualTo(batches.get(0).getFeatures());
        assertThatArray(batches.get(0).getLabelsMaskArray())
                .isEqualTo(
                        table.rows(IntStream.range(0, 10).toArray()).present().orElseThrow());
        assertThat(batches.get(10).getLabelsMaskArray())
                .as("no value is missing")
                .isNull();
        assertThat(iterator.inputColumns()).isEqualTo(table.names().size());
        assertThat(iterator.totalOutcomes()).isEqualTo(table.names().size());
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no mini-batch is left in this epoch; call reset()");
    }

    @Test
    void labels_areThoseOfTheTable() {
        TableIterator iterator = iterator(ROWS).withLabels(true).build();
        assertThatArray(iterator.next().getLabels()).isEqualTo(table.labels());
        assertThat(iterator.totalOutcomes()).isEqualTo(4);
        assertThat(iterator.getLabels()).containsExactly("k0", "k1", "k2", "k3");
    }

    @Test
    void shuffledEpochs_haveAllRowsInTheirOwnOrder() {
        TableIterator iterator = iterator(10).shuffle(40, 7).build();
        List<Integer> first = order(iterator);
        iterator.reset();
        List<Integer> second = order(iterator);

        List<Integer> rows = IntStream.range(0, ROWS).boxed().toList();
        assertThat(first).containsExactlyInAnyOrderElementsOf(rows).isNotEqualTo(rows);
        assertThat(second).containsExactlyInAnyOrderElementsOf(rows).isNotEqualTo(first);
        assertThat(first.subList(0, 10)).allMatch(row -> row < 50); // what has been read by then
        assertThat(order(iterator(7).shuffle(40, 7).build())).isEqualTo(first);
        assertThat(order(iterator(10).shuffle(40, 8).build())).isNotEqualTo(first);
    }

    @Test
    void startEpoch_givesTheOrderOfThatEpoch() {
        TableIterator iterator = iterator(10).shuffle(40, 7).build();
        order(iterator);
        iterator.reset();
        order(iterator);
        iterator.reset();

        assertThat(order(iterator(10).shuffle(40, 7).startEpoch(2).build())).isEqualTo(order(iterator));
        assertThatThrownBy(() -> iterator(10).startEpoch(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("startEpoch must be at least 0, got -1");
    }

    @Test
    void reset_inTheMiddle_beginsAgain() {
        TableIterator iterator = iterator(10).build();
        iterator.next();
        iterator.reset();
        assertThatArray(all(iterator)).isEqualTo(table.features());
        iterator.reset();
        iterator.close();
        assertThatArray(all(iterator)).isEqualTo(table.features());
    }

    @Test
    void preProcessor_changesFeaturesAlone() {
        NormalizerMinMaxScaler scaler = new NormalizerMinMaxScaler();
        scaler.fit(new DataSet(table.features(), table.features()));
        TableIterator iterator = iterator(ROWS).build();
        iterator.setPreProcessor(scaler);
        DataSet batch = iterator.next();
        assertThat(batch.getFeatures().minNumber().doubleValue()).isZero();
        assertThatArray(batch.getLabels()).isEqualTo(table.features());
    }

    @Test
    void fileWithoutLabels_isRefused() throws IOException {
        Path other = Files.writeString(directory.resolve("other.csv"), "i,x,c\n1,2,c0\n");
        TableIterator.Builder builder = new TableIterator.Builder(other, table.schema(), 1);
        assertThat(builder.build().hasNext()).isTrue();
        assertThatThrownBy(() -> builder.withLabels(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withLabels needs a schema and a file with the label column");
        assertThatThrownBy(() -> new TableIterator.Builder(other, table.schema(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch must be at least 1, got 0");
    }
}
