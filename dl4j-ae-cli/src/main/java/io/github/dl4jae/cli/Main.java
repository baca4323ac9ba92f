package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.UnseenLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.deeplearning4j.exception.DL4JException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code dl4j-ae}, with its subcommands. */
@Command(
        name = "dl4j-ae",
        description =
                "Fits autoencoders to tables and images, and scores, encodes and reconstructs rows and images with"
                        + " them.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:success", "1:input was refused, or work failed", "2:invalid usage"})
public final class Main {

    private Main() {}

    /**
     * Runs a subcommand and exits with its status: 0 for success, 1 for input that is refused or work that fails, 2 for
     * invalid usage.
     *
     * @param arguments the name of a subcommand and its options
     */
    public static void main(String[] arguments) {
        if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        }
        System.exit(run(Console.ofProcess(), arguments));
    }

    static int run(Console console, String... arguments) {
        CommandLine command = new CommandLine(new Main())
                .addSubcommand(new FitCommand(console))
                .addSubcommand(new FitDetectorCommand(console))
                .addSubcommand(new ScoreCommand(console))
                .addSubcommand(new EncodeCommand(console))
                .addSubcommand(new ReconstructCommand(console))
                .addSubcommand(new GenerateCommand(console))
                .addSubcommand(new SelectCommand(console))
                .addSubcommand(new FitCompressorCommand(console))
                .addSubcommand(new CompressCommand(console))
                .addSubcommand(new DecompressCommand(console))
                .addSubcommand(new InspectCommand(console))
                .addSubcommand(new DoctorCommand(console))
                .addSubcommand(new BenchCommand(console))
                .addSubcommand(new GenerateCompletion())
                .setOut(console.text())
                .setErr(console.errors())
                .registerConverter(Kind.class, new EnumConverter<>(Kind.class))
                .registerConverter(NetworkOptions.Layers.class, new EnumConverter<>(NetworkOptions.Layers.class))
                .registerConverter(SelectionMethod.class, new EnumConverter<>(SelectionMethod.class))
                .registerConverter(UnseenLevel.class, new EnumConverter<>(UnseenLevel.class))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler((exception, failed, parsed) -> failure(exception, failed));
        int status = execute(command, arguments);
        console.text().flush();
        console.errors().flush();
        return status;
    }

    private static int execute(CommandLine command, String... arguments) {
        try {
            return command.execute(arguments);
        } catch (OutOfMemoryError e) {
            print(
                    command,
                    "memory is exhausted; set a smaller --batch or a smaller network, or give Java more, such as"
                            + " DL4JAE_OPTS=-Xmx8g: " + e.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
    }

    /** Prints one line about a command line that is invalid. */
    private static int usage(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        String message = oneLine(String.valueOf(exception.getMessage()).replaceFirst("^Error: ", ""));
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            message = "unknown argument '" + unmatched.getUnmatched().get(0) + "'";
        }
        command.getErr()
                .println("dl4j-ae: " + message + "; see "
                        + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Prints one line about work that failed, or the stack trace of a defect. */
    private static int failure(Exception exception, CommandLine command) {
        if (exception instanceof UncheckedIOException) {
            String message = String.valueOf(exception.getMessage());
            String cause = rootOf(exception).toString();
            print(command, message.endsWith(cause) ? message : message + ": " + cause);
        } else if (exception instanceof IOException) {
            print(command, exception.toString()); // its message can be a path alone
        } else if (exception instanceof IllegalArgumentException
                || exception instanceof IllegalStateException
                || exception instanceof DL4JException) {
            print(command, String.valueOf(exception.getMessage()));
        } else {
            exception.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static Throwable rootOf(Throwable exception) {
        Throwable root = exception;
        for (Throwable cause = root; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    private static void print(CommandLine command, String message) {
        command.getErr().println("dl4j-ae: " + oneLine(message));
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /** Returns a number with four significant digits. */
    static String shown(double number) {
        return String.format(Locale.ROOT, "%.4g", number);
    }
}
