package io.github.dl4jae.dictionary;

import java.io.Serializable;

/**
 * The parts of stored rows, and what training multiplies them by.
 *
 * @param inputs the width of the input
 * @param outputs the width of the target after it; 0 if the input is the target
 * @param inputScale s
 * @param outputScale t
 */
record RowScales(int inputs, int outputs, double inputScale, double outputScale) implements Serializable {

    /** Returns the width of the reconstruction. */
    int targets() {
        return outputs == 0 ? inputs : outputs;
    }
}
