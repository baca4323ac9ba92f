package io.github.dl4jae.runtime;

import io.github.dl4jae.internal.layer.Require;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Java runtime and the processor.
 *
 * @param java the version and the name of the JVM
 * @param options the options of Java's command line
 * @param heapBytes the largest size of the heap
 * @param memoryBytes the physical memory of the machine or container; 0 if unknown
 * @param processors the number of processors that the JVM uses
 * @param features the processor's instruction sets that matter here, named as in {@code /proc/cpuinfo}
 */
public record Machine(
        String java, List<String> options, long heapBytes, long memoryBytes, int processors, Set<String> features) {

    /**
     * Creates a description.
     *
     * @param java the version and the name of the JVM
     * @param options the options of Java's command line
     * @param heapBytes the largest size of the heap
     * @param memoryBytes the physical memory; 0 if unknown
     * @param processors the number of processors that the JVM uses
     * @param features the processor's instruction sets
     * @throws IllegalArgumentException if an argument is null
     */
    public Machine {
        Require.given("Machine", "java", java, "");
        options = List.copyOf(Require.given("Machine", "options", options, ""));
        features = Collections.unmodifiableSet(new TreeSet<>(Require.given("Machine", "features", features, "")));
    }
}
