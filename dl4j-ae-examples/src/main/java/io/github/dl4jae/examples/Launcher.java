package io.github.dl4jae.examples;

import io.github.dl4jae.examples.adversarial.Adversarial;
import io.github.dl4jae.examples.anomaly.AnomalyDigits;
import io.github.dl4jae.examples.anomaly.AnomalySensors;
import io.github.dl4jae.examples.anomaly.AnomalyTable;
import io.github.dl4jae.examples.bench.Bench;
import io.github.dl4jae.examples.bench.BenchRun;
import io.github.dl4jae.examples.compression.RateDistortion;
import io.github.dl4jae.examples.contractive.Contractive;
import io.github.dl4jae.examples.denoising.Denoising;
import io.github.dl4jae.examples.denoising.Inpainting;
import io.github.dl4jae.examples.denoising.ScoreField;
import io.github.dl4jae.examples.denoising.SuperResolution;
import io.github.dl4jae.examples.dictionary.Dictionaries;
import io.github.dl4jae.examples.dictionary.Dissect;
import io.github.dl4jae.examples.embedding.Embedding;
import io.github.dl4jae.examples.embedding.LinearPca;
import io.github.dl4jae.examples.embedding.Undercomplete;
import io.github.dl4jae.examples.mdl.ShortestDescription;
import io.github.dl4jae.examples.molecules.InventMolecules;
import io.github.dl4jae.examples.pretraining.Boltzmann;
import io.github.dl4jae.examples.pretraining.Layerwise;
import io.github.dl4jae.examples.quantized.Quantized;
import io.github.dl4jae.examples.reproduce.Reproduce;
import io.github.dl4jae.examples.selection.Concrete;
import io.github.dl4jae.examples.selection.SelectColumns;
import io.github.dl4jae.examples.sequence.Translate;
import io.github.dl4jae.examples.signal.DenoiseAudio;
import io.github.dl4jae.examples.sparse.KlSparse;
import io.github.dl4jae.examples.sparse.WinnerTakeAll;
import io.github.dl4jae.examples.tabular.TableVae;
import io.github.dl4jae.examples.timeseries.GeneratedSeries;
import io.github.dl4jae.examples.variational.BetaVae;
import io.github.dl4jae.examples.variational.ConditionalVae;
import io.github.dl4jae.examples.variational.ConvVae;
import io.github.dl4jae.examples.variational.Disentangle;
import io.github.dl4jae.examples.variational.Iwae;
import io.github.dl4jae.examples.variational.Vae;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.deeplearning4j.exception.DL4JException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs an example by name, or {@link Quickstart} if no name is given. */
@Command(
        name = "dl4j-ae",
        description = "Examples of autoencoders for Deeplearning4j. Runs quickstart if no name is given.",
        synopsisSubcommandLabel = "EXAMPLE",
        subcommands = {
            Quickstart.class,
            KlSparse.class,
            WinnerTakeAll.class,
            Undercomplete.class,
            LinearPca.class,
            Vae.class,
            BetaVae.class,
            ConvVae.class,
            Quantized.class,
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
            TableVae.class,
            GeneratedSeries.class,
            DenoiseAudio.class,
            AnomalySensors.class,
            AnomalyTable.class,
            Embedding.class,
            AnomalyDigits.class,
            Dissect.class,
            Dictionaries.class,
            ShortestDescription.class,
            RateDistortion.class,
            Adversarial.class,
            Translate.class,
            InventMolecules.class,
            Reproduce.class,
            DoctorCommand.class,
            Bench.class,
            BenchRun.class
        })
public final class Launcher implements Runnable {

    @SuppressWarnings("UnusedVariable") // read by picocli
    @CommandLine.Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    private Launcher() {}

    /**
     * Runs an example and exits with its status: 0 for success, 1 for a failure, 2 for an invalid command line.
     *
     * @param arguments the name of an example and its options; options without a name go to quickstart
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine launcher = new CommandLine(new Launcher())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
        launcher.setExecutionExceptionHandler((exception, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (exception instanceof UncheckedIOException unchecked) {
                err.println(command.getColorScheme().errorText(exception.getMessage() + ": " + unchecked.getCause()));
            } else if (exception instanceof IOException) {
                err.println(
                        command.getColorScheme().errorText(exception.toString())); // its message can be a path alone
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
        // reached only with --help, which picocli handles
    }
}
