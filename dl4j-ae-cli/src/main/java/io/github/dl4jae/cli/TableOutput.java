package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableSchema;
import java.io.IOException;
import java.util.Iterator;

/** A table that a command writes, in the units and the format of the table that the model was fitted to. */
final class TableOutput implements ExampleOutput {

    private final OutputFile file;
    private final TableSchema schema;

    TableOutput(OutputFile file, TableSchema schema) {
        this.file = file;
        this.schema = schema;
    }

    @Override
    public boolean isStandardOutput() {
        return file.isStandardOutput();
    }

    @Override
    public void write(long count, Iterator<Part> examples) throws IOException {
        file.write(schema.format().charset(), schema.format().delimiter(), csv -> {
            csv.writeRecord(schema.columnNames());
            examples.forEachRemaining(rows -> schema.decode(rows.features()).forEach(csv::writeRecord));
        });
    }
}
