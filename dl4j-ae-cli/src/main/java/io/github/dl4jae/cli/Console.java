package io.github.dl4jae.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;

/** The standard streams of a process, or of a test. */
final class Console {

    private static final int MOST_NOTES = 30;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final PrintWriter text;
    private final PrintWriter errors;
    private final boolean isTerminal;

    /**
     * Creates a console.
     *
     * @param isTerminal whether a person watches
     */
    Console(InputStream in, OutputStream out, PrintStream err, boolean isTerminal) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.text = new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()));
        this.errors = new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true);
        this.isTerminal = isTerminal;
    }

    /** Returns the streams of this process. Unlike {@code System.out}, its output reports errors. */
    static Console ofProcess() {
        return new Console(System.in, new FileOutputStream(FileDescriptor.out), System.err, isWatched());
    }

    /** Java 22 and newer have a console without a terminal, which says so. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isWatched() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    InputStream in() {
        return in;
    }

    /** Returns standard output, for data. */
    OutputStream out() {
        return out;
    }

    /** Returns standard error, for progress. */
    PrintStream err() {
        return err;
    }

    /** Returns standard output, for text. */
    PrintWriter text() {
        return text;
    }

    /** Returns standard error, for text. */
    PrintWriter errors() {
        return errors;
    }

    /** Prints what was detected in data. A table of a thousand columns can have as many notes. */
    void printNotes(List<String> notes) {
        notes.stream().limit(MOST_NOTES).forEach(errors::println);
    }

    boolean isTerminal() {
        return isTerminal;
    }
}
