package io.github.dl4jae.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The place where {@code reconstruct} and {@code generate} write examples. */
interface ExampleOutput {

    /** Returns whether examples go to standard output, so that other text must not. */
    boolean isStandardOutput();

    /**
     * Writes examples.
     *
     * @param count their number; 0 if it is unknown, as for the rows of a table
     */
    void write(long count, Iterator<Part> examples) throws IOException;

    /**
     * Some examples.
     *
     * @param features their features, {@code [N, d]}
     * @param files the names of their files; empty if they have none
     */
    record Part(INDArray features, List<String> files) {}
}
