package io.github.dl4jae.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in this JVM, with an output directory and a record of what it prints. */
abstract class LauncherRun {

    @TempDir
    Path out;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream console = System.out;
    private final PrintStream errors = System.err;

    @BeforeEach
    void record() {
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void stopRecording() {
        System.setOut(console);
        System.setErr(errors);
    }

    /** Returns the exit status. */
    final int run(String... arguments) {
        return Launcher.run(arguments);
    }

    /** Returns everything printed so far. */
    final String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Returns the last number of the first line that starts with a name. */
    final double figure(String name) {
        return text().lines()
                .filter(line -> line.strip().startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
