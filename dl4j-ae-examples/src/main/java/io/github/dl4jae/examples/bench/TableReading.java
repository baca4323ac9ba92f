package io.github.dl4jae.examples.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.github.dl4jae.tabular.TableReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.datavec.api.records.reader.impl.csv.CSVRecordReader;
import org.datavec.api.split.FileSplit;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;

/** The reading of a table of normally distributed numbers with six decimals, from a temporary file. */
final class TableReading {

    private static final double UNIT = 1e6;
    /** The rows of one array of DataVec: each is read as objects first. */
    private static final int DATAVEC_ROWS = 10_000;

    private final Path file;

    TableReading(int rows, int columns) {
        try {
            file = Files.createTempFile("dl4jae-bench", ".csv");
            file.toFile().deleteOnExit();
            write(rows, columns);
        } catch (IOException e) {
            throw new UncheckedIOException("bench-run: the table cannot be written", e);
        }
    }

    private void write(int rows, int columns) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int j = 0; j < columns; j++) {
                out.write(j == 0 ? "x0" : ",x" + j);
            }
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                line.setLength(0);
                for (int j = 0; j < columns; j++) {
                    line.append(j == 0 ? '\n' : ',').append(Math.rint(UNIT * random.nextGaussian()) / UNIT);
                }
                out.append(line);
            }
        }
    }

    /** Returns the step of a contender: reading the whole file. */
    IntConsumer step(Contender contender) {
        return switch (contender) {
            case OURS -> step -> readTable();
            case FASTCSV -> step -> parse();
            default -> step -> readDataVec();
        };
    }

    private void readTable() {
        new TableReader.Builder().build().read(file).features().close();
    }

    private void parse() {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            long characters = 0;
            for (CsvRecord row : reader) {
                for (int j = 0; j < row.getFieldCount(); j++) {
                    characters += row.getField(j).length();
                }
            }
            if (characters == 0) {
                throw new IllegalStateException("bench-run: the table must have values, got none");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bench-run: the table cannot be read", e);
        }
    }

    private void readDataVec() {
        try (CSVRecordReader reader = new CSVRecordReader(1)) {
            reader.initialize(new FileSplit(file.toFile()));
            RecordReaderDataSetIterator rows = new RecordReaderDataSetIterator(reader, DATAVEC_ROWS);
            while (rows.hasNext()) {
                DataSet next = rows.next();
                next.getFeatures().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bench-run: the table cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("bench-run: interrupted", e);
        }
    }
}
