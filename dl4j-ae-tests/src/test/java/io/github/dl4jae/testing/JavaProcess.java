package io.github.dl4jae.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the tests in a JVM of its own, with the class path and the native build of this one. */
public final class JavaProcess {

    private JavaProcess() {}

    /**
     * Returns a process to start.
     *
     * @param heap the most memory of the heap, such as 512m
     * @param offHeap the most memory of arrays
     * @param program its main class
     * @param arguments of the program
     */
    public static ProcessBuilder of(String heap, String offHeap, Class<?> program, Object... arguments) {
        return of(heap, offHeap, program.getName(), arguments);
    }

    /** Returns a process to start, of a program that is a class name or the path of a source file. */
    public static ProcessBuilder of(String heap, String offHeap, String program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Dorg.bytedeco.javacpp.maxbytes=" + offHeap,
                "-Dorg.bytedeco.javacpp.platform.extension="
                        + System.getProperty("org.bytedeco.javacpp.platform.extension", ""),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel="
                        + System.getProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command);
    }
}
