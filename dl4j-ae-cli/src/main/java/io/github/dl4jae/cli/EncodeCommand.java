package io.github.dl4jae.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the code of each row or image. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes the code of each row or image, as numbers.")
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
        OutputFile file = options.file(console);
        TrainedModel model = options.model();
        file.write(StandardCharsets.UTF_8, ',', csv -> {
            try (Examples examples = options.examples(console, model)) {
                while (examples.hasNext()) {
                    Examples.Batch batch = examples.next();
                    INDArray codes = model.encode(batch.features());
                    int width = (int) codes.size(1);
                    if (count == 0) {
                        csv.writeRecord(names(examples.keyNames(), width));
                    }
                    float[] values = TrainedNetwork.values(codes);
                    int from = 0;
                    for (List<String> key : batch.keys()) {
                        csv.writeRecord(values(key, Arrays.copyOfRange(values, from, from + width)));
                        from += width;
                        count++;
                    }
                }
            }
        });
        options.print(console, file.isStandardOutput(), new Summary().add(model.unit() + "s", count));
        return 0;
    }

    private static List<String> names(List<String> keys, int width) {
        List<String> names = new ArrayList<>(keys);
        for (int j = 1; j <= width; j++) {
            names.add("code" + j);
        }
        return names;
    }

    private static List<String> values(List<String> key, float[] code) {
        List<String> values = new ArrayList<>(key);
        for (float value : code) {
            values.add(Float.toString(value));
        }
        return values;
    }
}
