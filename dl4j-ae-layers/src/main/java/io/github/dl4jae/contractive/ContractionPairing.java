package io.github.dl4jae.contractive;

import java.util.HashMap;
import java.util.Map;

/**
 * Brings together the two ends of a contraction.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it. But a network makes its layers one after the other on one thread, in the order in
 * which they were declared. So the opening end is noted here under its name, and the closing end takes the note away.
 */
final class ContractionPairing {

    /** The opening end, after a pass. */
    interface Opening {
        /** How many copies there are of each example, with itself; 1 if none were made. */
        int copies();

        /** How many rows went out, of all copies. */
        long rows();

        /** How many copies there are when there are any: masks come before a pass. */
        int copiesInTraining();
    }

    /**
     * What is noted.
     *
     * @param opening the end itself
     * @param index its number among the layers of the network
     */
    record Note(Opening opening, int index) {}

    private static final ThreadLocal<Map<String, Note>> OF_THREAD = ThreadLocal.withInitial(HashMap::new);

    private ContractionPairing() {}

    static void opened(String name, Opening opening, int index) {
        OF_THREAD.get().put(name, new Note(opening, index));
    }

    /** The note, which is gone then; null if there is none. */
    static Note close(String name) {
        return OF_THREAD.get().remove(name);
    }
}
