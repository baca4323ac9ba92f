package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the code of each row. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes the code of each row, as numbers.")
final class EncodeCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final RowsOptions options = new RowsOptions();

    private long count;

    EncodeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RowsOptions.Pass pass = options.open(console);
        pass.file().write(StandardCharsets.UTF_8, ',', csv -> {
            try (TableStream rows = pass.rows()) {
                while (rows.hasNext()) {
                    INDArray codes = pass.model().encode(rows.next().features());
                    int width = (int) codes.size(1);
                    if (count == 0) {
                        csv.writeRecord(names(width));
                    }
                    float[] values = TableModel.values(codes);
                    for (int i = 0; i < values.length; i += width) {
                        count++;
                        csv.writeRecord(values(Arrays.copyOfRange(values, i, i + width)));
                    }
                }
            }
        });
        pass.print(new Summary().add("rows", count));
        return 0;
    }

    private static List<String> names(int width) {
        List<String> names = new ArrayList<>(List.of("row"));
        for (int j = 1; j <= width; j++) {
            names.add("code" + j);
        }
        return names;
    }

    private List<String> values(float[] code) {
        List<String> values = new ArrayList<>(List.of(Long.toString(count)));
        for (float value : code) {
            values.add(Float.toString(value));
        }
        return values;
    }
}
