package io.github.dl4jae.cli;

import io.github.dl4jae.cli.ExampleOutput.Part;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the reconstruction of each row or image. */
@Command(
        name = "reconstruct",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes the reconstruction of each row, in the units and the format of the table that the model"
                + " was fitted to, or of each image, under its name.")
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
        TrainedModel model = options.model();
        ExampleOutput output = options.output(console, model);
        try (Examples examples = options.examples(console, model)) {
            output.write(examples.count(), reconstructions(model, examples));
        }
        options.print(console, output.isStandardOutput(), new Summary().add(model.unit() + "s", count));
        return 0;
    }

    private Iterator<Part> reconstructions(TrainedModel model, Examples examples) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return examples.hasNext();
            }

            @Override
            public Part next() {
                Examples.Batch batch = examples.next();
                count += batch.features().size(0);
                return new Part(model.reconstruct(batch.features()), batch.files());
            }
        };
    }
}
