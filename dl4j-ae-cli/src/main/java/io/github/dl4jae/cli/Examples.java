package io.github.dl4jae.cli;

import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The examples of a command, rows of a table or images, in mini-batches. */
interface Examples extends Iterator<Examples.Batch>, AutoCloseable {

    /** The largest number of names in a note. */
    int MOST_NAMES = 10;

    /** Returns the names of the columns that identify an example in a result. */
    List<String> keyNames();

    /** Returns the names of the columns of {@link Score#cells}. */
    List<String> scoreNames();

    /** Returns lines about what is left out. */
    List<String> notes();

    /** Returns the number of all examples, or 0 if it is known only at the end. */
    long count();

    @Override
    void close();

    /** Returns names for a note, the first of many. */
    static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? ", …" : "");
    }

    /** Some examples, in their order. */
    interface Batch {

        /** Returns the features, {@code [N, d]}. */
        INDArray features();

        /** Returns a value for each of the {@link Examples#keyNames} of each example. */
        List<List<String>> keys();

        /** Returns the names of the files of the examples; empty if they have none. */
        List<String> files();

        /** Returns the reconstruction error of each example. */
        List<Score> scores(TrainedModel model);
    }

    /**
     * The reconstruction error of an example.
     *
     * @param error the error; NaN for an example without any value
     * @param cells a value for each of the {@link Examples#scoreNames}
     */
    record Score(double error, List<String> cells) {}
}
