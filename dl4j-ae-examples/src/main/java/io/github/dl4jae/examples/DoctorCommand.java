package io.github.dl4jae.examples;

import io.github.dl4jae.runtime.Doctor;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how well this process is set up for training. */
@Command(
        name = "doctor",
        description = "Prints what the library finds here (Java, processor, native libraries, settings), how fast"
                + " products, ND4J operations and a training step run, and advice. Takes about five seconds.")
public final class DoctorCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public void run() {
        PrintWriter console = spec.commandLine().getOut();
        console.println(Doctor.examine());
        console.flush();
    }
}
