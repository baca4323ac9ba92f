package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.tabular.TableStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the reconstruction of each row. */
@Command(
        name = "reconstruct",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes the reconstruction of each row, in the units and the format of the table that the model"
                + " was fitted to.")
final class ReconstructCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final RowsOptions options = new RowsOptions();

    private long count;

    ReconstructCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RowsOptions.Pass pass = options.open(console);
        TableSchema schema = pass.model().schema();
        pass.file().write(schema.format().charset(), schema.format().delimiter(), csv -> {
            try (TableStream rows = pass.rows()) {
                csv.writeRecord(schema.columnNames());
                while (rows.hasNext()) {
                    List<List<String>> decoded =
                            schema.decode(pass.model().reconstruct(rows.next().features()));
                    decoded.forEach(csv::writeRecord);
                    count += decoded.size();
                }
            }
        });
        pass.print(new Summary().add("rows", count));
        return 0;
    }
}
