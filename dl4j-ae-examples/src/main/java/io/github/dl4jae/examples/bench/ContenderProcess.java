package io.github.dl4jae.examples.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that measures one contender on one case, on request. {@link BenchRun} describes the requests. */
final class ContenderProcess implements AutoCloseable {

    private static final long SECONDS_TO_END = 10;

    private final String subject;
    private final List<String> command;
    private final Path errors;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;

    /**
     * Starts the process.
     *
     * @param subject the contender and the case, for messages
     */
    ContenderProcess(String subject, Contender contender, List<String> command) throws IOException {
        this.subject = subject;
        this.command = command;
        errors = Files.createTempFile("bench-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        contender.prepare(builder.environment());
        try {
            process = builder.start();
        } catch (IOException e) {
            Files.delete(errors);
            throw e;
        }
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    void awaitReady() {
        await(BenchRun.READY);
    }

    Measurement measure(double seconds) {
        request(BenchRun.MEASURE + seconds);
        return measurement();
    }

    /** Starts a measurement, after which the process continues with its steps until {@link #rest}. */
    void measureAndContinue(double seconds) {
        request(BenchRun.MEASURE + seconds + "\n" + BenchRun.LOAD);
    }

    /** Waits for the measurement that {@link #measureAndContinue} has started. */
    Measurement measurement() {
        return Measurement.parse(await(Measurement.PREFIX));
    }

    void rest() {
        request(BenchRun.REST);
        await(BenchRun.REST);
    }

    String kernel() {
        request(BenchRun.KERNEL);
        return await(BenchRun.KERNEL + " ").substring(BenchRun.KERNEL.length() + 1);
    }

    private void request(String line) {
        try {
            requests.write(line + "\n");
            requests.flush();
        } catch (IOException e) {
            throw failure();
        }
    }

    /** Reads lines up to one with a prefix; libraries print others. */
    private String await(String prefix) {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw failure();
        }
        throw failure();
    }

    private IllegalStateException failure() {
        return new IllegalStateException("bench: " + subject + " failed (" + lastError() + "); run '"
                + String.join(" ", command) + "' to see why");
    }

    /** Returns the last line of the process's messages that is not a line of a stack trace. */
    private String lastError() {
        try {
            return Files.readAllLines(errors).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("at ") && !line.startsWith("... "))
                    .reduce((earlier, later) -> later)
                    .orElse("no message");
        } catch (IOException e) {
            return "no message";
        }
    }

    /** Ends the process by the end of its input. Further calls do nothing. */
    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            process.destroyForcibly(); // it cannot be reached, or has ended
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            answers.close();
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException("bench: a process cannot be closed", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
