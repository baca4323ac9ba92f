package io.github.dl4jae.examples.support;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The base of examples on images: it checks the options, loads the images, and opens the output directory. */
public abstract class ImageExample implements Callable<Integer> {

    /** The pixels of an image, 28·28. */
    protected static final int PIXELS = 28 * 28;

    /** The options that all examples share. */
    @Mixin
    protected ExampleOptions options;

    @Spec
    private CommandSpec command;

    /** Creates an example for picocli to fill in. */
    protected ImageExample() {}

    /**
     * Trains, and writes the report.
     *
     * @param data the images of {@code --data}
     * @param out the output directory
     */
    protected abstract void run(ExampleData data, Path out);

    /**
     * Checks the example's own options, before images are loaded. Default: accepts all.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    protected void checkOptions() {
        // for examples with options of their own
    }

    /**
     * Returns the first part of the default output directory's name. Default: the name of the command.
     *
     * @return a name such as {@code quickstart} or {@code reproduce-hinton2006}
     */
    protected String outputName() {
        String words = command.qualifiedName("-");
        return words.substring(words.indexOf('-', command.root().name().length()) + 1);
    }

    @Override
    public final Integer call() {
        checkOptions();
        ExampleData data = options.loadData();
        run(data, options.out(outputName()));
        return 0;
    }
}
