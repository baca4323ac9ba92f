package io.github.dl4jae.examples;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Starts the launcher in a new JVM from within Maven: {@code mvn -q compile exec:java}.
 *
 * <p>The thread settings of native libraries are environment variables, which must be set before a JVM starts. Maven's
 * exec:exec also starts a JVM, but prints a stack trace of its own after the message of a failed example. This class
 * ends Maven with the exit status of the example and prints nothing. System properties of this library, as in
 * {@code -Ddl4jae.data=DIR}, are passed on.
 */
public final class JvmStarter {

    private static final Map<String, String> THREAD_SETTINGS =
            Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "0", "OPENBLAS_THREAD_TIMEOUT", "18");

    private JvmStarter() {}

    /**
     * Starts Java, waits for its end, and exits with its status.
     *
     * @param arguments arguments of Java, as in the pom; {@code %classpath} stands for the class path of this class
     * @throws IOException if Java cannot be started
     * @throws InterruptedException if waiting is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ProcessBuilder java = new ProcessBuilder(command(arguments)).inheritIO();
        java.environment().putAll(THREAD_SETTINGS);
        Process process = java.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // when Maven is stopped
        System.exit(process.waitFor());
    }

    /** Returns the command line, with this library's system properties, such as dl4jae.data, as Maven got them. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("dl4jae."))
                .sorted()
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        for (String argument : arguments) {
            command.add(argument.equals("%classpath") ? classPath() : argument);
        }
        return command;
    }

    private static String classPath() {
        return JvmStarter.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(JvmStarter::file).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        return Path.of(URI.create(url.toString())).toString();
    }
}
