package io.github.dl4jae.cli;

import io.github.dl4jae.runtime.Diagnosis;
import io.github.dl4jae.runtime.Doctor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints how well this process is set up for training. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints what the library finds here (Java, processor, native libraries, settings), how fast"
                + " products, ND4J operations and a training step run, and advice. Takes about five seconds.")
final class DoctorCommand implements Runnable {

    private final Console console;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Diagnosis diagnosis = Doctor.examine();
        console.text().println(json ? diagnosis.toJson() : diagnosis);
        console.text().flush();
    }
}
