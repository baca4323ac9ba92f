package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.RowScore;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.tabular.TableStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of a table. */
final class TableExamples implements Examples {

    private final TableStream rows;
    private long read;

    private TableExamples(TableStream rows) {
        this.rows = rows;
    }

    /** Opens a file, a named pipe, or standard input. */
    static TableExamples open(Console console, Path csv, TableSchema schema, int batch) {
        if (csv.toString().equals("-")) {
            return new TableExamples(TableStream.of(console.in(), "standard input", schema, batch));
        } else if (!Files.exists(csv) || Files.isDirectory(csv) || Files.isRegularFile(csv)) {
            return new TableExamples(TableStream.of(csv, schema, batch));
        }
        try {
            return new TableExamples(TableStream.of(pipe(csv), csv.toString(), schema, batch));
        } catch (IOException e) {
            throw new UncheckedIOException(csv + " cannot be read", e);
        }
    }

    /** Opens a named pipe. The streams of {@code Files} expect files whose size is known. */
    private static InputStream pipe(Path csv) throws IOException {
        return new FileInputStream(csv.toFile());
    }

    @Override
    public List<String> keyNames() {
        return List.of("row");
    }

    @Override
    public List<String> scoreNames() {
        return List.of("score", "worst_column", "worst_error", "missing");
    }

    @Override
    public List<String> notes() {
        List<String> unknown = rows.unknownColumns();
        return unknown.isEmpty()
                ? List.of()
                : List.of("Left out " + (unknown.size() == 1 ? "a column" : unknown.size() + " columns")
                        + " that the model does not have: " + Examples.listed(unknown));
    }

    @Override
    public long count() {
        return 0;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Batch next() {
        FeatureTable table = rows.next();
        long first = read + 1;
        read += table.features().size(0);
        return new TableBatch(table, first);
    }

    @Override
    public void close() {
        rows.close();
    }

    /**
     * Some rows.
     *
     * @param first the number of the first row, counted from 1
     */
    record TableBatch(FeatureTable table, long first) implements Batch {

        @Override
        public INDArray features() {
            return table.features();
        }

        @Override
        public List<List<String>> keys() {
            return LongStream.range(first, first + table.features().size(0))
                    .mapToObj(row -> List.of(Long.toString(row)))
                    .toList();
        }

        @Override
        public List<String> files() {
            return List.of();
        }

        @Override
        public List<Score> scores(TrainedModel model) {
            return model.bundle().tableModel().score(table).stream()
                    .map(TableBatch::score)
                    .toList();
        }

        private static Score score(RowScore score) {
            return new Score(
                    score.score(),
                    List.of(
                            shown(score.score()),
                            score.worstColumn(),
                            shown(score.worstError()),
                            Integer.toString(score.missing())));
        }

        private static String shown(double number) {
            return Double.isNaN(number) ? "" : Float.toString((float) number);
        }
    }
}
