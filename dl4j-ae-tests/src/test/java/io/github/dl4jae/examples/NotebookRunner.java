package io.github.dl4jae.examples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Runs the code cells of a Java notebook in this JVM, on its class path, and records what they display. */
public final class NotebookRunner {

    private static final List<Object> DISPLAYED = new ArrayList<>();

    /** The prelude that Java kernels give every notebook: imports, and a {@code display} that returns an id. */
    private static final String PRELUDE = """
            import java.io.*;
            import java.math.*;
            import java.net.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.regex.*;
            String display(Object object) { return %s.display(object); }
            """.formatted(NotebookRunner.class.getName());

    private final JShell shell;

    private NotebookRunner(JShell shell) {
        this.shell = shell;
    }

    /**
     * Runs all code cells, from top to bottom.
     *
     * @param notebook a notebook in nbformat 4
     * @return what the cells displayed, in order
     * @throws AssertionError if a cell fails; the message names the cell, the reason and the code
     */
    static List<Object> run(Path notebook) throws IOException {
        DISPLAYED.clear();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (JShell shell = JShell.builder()
                .executionEngine(new CallersThread(), Map.of())
                .out(System.out)
                .err(System.err)
                .build()) {
            for (String entry : classPath().split(File.pathSeparator, -1)) {
                shell.addToClasspath(entry);
            }
            NotebookRunner runner = new NotebookRunner(shell);
            runner.runCell("prelude", PRELUDE);
            List<String> cells = codeCells(notebook);
            for (int i = 0; i < cells.size(); i++) {
                String name = "code cell " + (i + 1) + " of " + cells.size() + " in " + notebook.getFileName();
                runner.runCell(name, cells.get(i));
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        return List.copyOf(DISPLAYED);
    }

    /**
     * Displays an object; called by the cells.
     *
     * @param object the object to display
     * @return an id, as the kernels return one
     */
    public static String display(Object object) {
        DISPLAYED.add(object);
        return "display-" + DISPLAYED.size();
    }

    private static String classPath() {
        // surefire starts the JVM with a jar whose manifest lists the class path
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Returns the sources of the code cells; nbformat allows a string or an array of lines. */
    private static List<String> codeCells(Path notebook) throws IOException {
        List<String> sources = new ArrayList<>();
        for (JsonNode cell :
                new ObjectMapper().readTree(Files.readString(notebook)).get("cells")) {
            if (cell.get("cell_type").asText().equals("code")) {
                StringBuilder source = new StringBuilder(cell.get("source").asText());
                cell.get("source").forEach(line -> source.append(line.asText()));
                sources.add(source.toString());
            }
        }
        return sources;
    }

    private void runCell(String name, String code) {
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(code);
        while (next.completeness().isComplete()) {
            String source = next.source();
            for (SnippetEvent event : shell.eval(source)) {
                requireSuccess(name, source, event);
            }
            next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
        }
        if (next.completeness() != Completeness.EMPTY) {
            throw failure(name, next.remaining(), next.completeness().toString(), null);
        }
    }

    private void requireSuccess(String name, String source, SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return; // an earlier snippet, updated by this one
        }
        JShellException exception = event.exception();
        if (exception != null) {
            String type = exception instanceof EvalException thrown
                    ? thrown.getExceptionClassName()
                    : exception.getClass().getName();
            throw failure(name, source, type + ": " + exception.getMessage(), exception);
        }
        if (!event.status().isDefined()) {
            List<String> messages = shell.diagnostics(event.snippet())
                    .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                    .toList();
            throw failure(name, source, event.status() + " " + String.join("; ", messages), null);
        }
    }

    private static AssertionError failure(String name, String source, String reason, Throwable cause) {
        return new AssertionError(name + " failed: " + reason + "\n  in: " + source.strip(), cause);
    }

    /** Runs snippets on the thread of the test, because ND4J has a random generator per thread. */
    private static final class CallersThread implements ExecutionControlProvider {

        @Override
        public String name() {
            return "callers-thread";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return new DirectExecutionControl();
        }
    }
}
