package io.github.dl4jae.internal.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts Java with the class path of the tests, and without the native settings of their environment. */
final class FreshJvm {

    private static final List<String> NATIVE_SETTINGS = List.of("OMP_", "GOMP_", "OPENBLAS_", "GOTO_", "JAVA_TOOL_");

    private FreshJvm() {}

    /** Starts a main class. Options come before it, arguments after. Errors go to the standard output. */
    static Process start(Map<String, String> environment, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder java = new ProcessBuilder(command).redirectErrorStream(true);
        java.environment().keySet().removeIf(name -> NATIVE_SETTINGS.stream().anyMatch(name::startsWith));
        java.environment().putAll(environment);
        return java.start();
    }

    /** Runs a main class and returns what it prints. */
    static String run(Map<String, String> environment, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(environment, options, main, arguments);
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(main.getSimpleName() + " exited with " + status + ": " + printed);
            }
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }
}
