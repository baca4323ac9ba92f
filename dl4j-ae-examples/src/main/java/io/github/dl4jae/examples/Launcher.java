package io.github.dl4jae.examples;

import io.github.dl4jae.examples.bench.Bench;
import io.github.dl4jae.examples.bench.BenchRun;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.deeplearning4j.exception.DL4JException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs an example by name; without a name, {@link Quickstart}. */
@Command(
        name = "dl4j-ae",
        description = "Autoencoders for Deeplearning4j: examples. Without a name, quickstart is run.",
        synopsisSubcommandLabel = "EXAMPLE",
        usageHelpAutoWidth = true,
        subcommands = {
            Quickstart.class,
            KlSparse.class,
            Undercomplete.class,
            LinearPca.class,
            Vae.class,
            BetaVae.class,
            ConvVae.class,
            ConditionalVae.class,
            Iwae.class,
            Disentangle.class,
            Denoising.class,
            Inpainting.class,
            SuperResolution.class,
            ScoreField.class,
            Contractive.class,
            Boltzmann.class,
            Layerwise.class,
            Concrete.class,
            SelectColumns.class,
            Embedding.class,
            Reproduce.class,
            Bench.class,
            BenchRun.class
        })
public final class Launcher implements Runnable {

    @SuppressWarnings("UnusedVariable") // picocli answers it
    @CommandLine.Option(names = "--help", usageHelp = true, description = "show this and leave")
    private boolean help;

    private Launcher() {}

    /**
     * Runs an example and leaves with its exit status: 0 if it went well, 1 if it failed, 2 for a wrong command line.
     *
     * @param arguments the name of an example and its options; options alone go to quickstart
     */
    public static void main(String[] arguments) {
        NativeBuild.select(); // before ND4J loads
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine launcher = new CommandLine(new Launcher()).setCaseInsensitiveEnumValuesAllowed(true);
        launcher.setExecutionExceptionHandler((exception, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (exception instanceof UncheckedIOException unchecked) {
                err.println(command.getColorScheme().errorText(exception.getMessage() + ": " + unchecked.getCause()));
            } else if (exception instanceof IllegalArgumentException
                    || exception instanceof IllegalStateException
                    || exception instanceof DL4JException) {
                err.println(command.getColorScheme().errorText(exception.getMessage()));
            } else {
                exception.printStackTrace(err);
            }
            err.flush();
            return 1;
        });
        boolean optionsOnly = arguments.length == 0 || (arguments[0].startsWith("-") && !arguments[0].equals("--help"));
        return launcher.execute(optionsOnly ? prepend("quickstart", arguments) : arguments);
    }

    private static String[] prepend(String first, String[] rest) {
        String[] all = new String[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Override
    public void run() {
        // only reached with --help, which picocli answers
    }
}
