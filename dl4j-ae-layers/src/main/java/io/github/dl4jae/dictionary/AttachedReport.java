package io.github.dl4jae.dictionary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures of the dictionaries of a layer on held-out examples.
 *
 * @param byName the figures of each dictionary, in the order in which they were added
 */
public record AttachedReport(Map<String, Entry> byName) {

    /**
     * Figures of one dictionary.
     *
     * @param reconstruction sparsity and reconstruction of the activations
     * @param effect what the reconstruction does to the outputs and the loss of the network
     */
    public record Entry(DictionaryReport reconstruction, SpliceReport effect) {}

    /**
     * Creates a report.
     *
     * @param byName copied
     */
    public AttachedReport {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /**
     * Returns the figures of a dictionary.
     *
     * @param name of the dictionary
     * @return its figures
     * @throws IllegalArgumentException if there is none of this name
     */
    public Entry of(String name) {
        Entry entry = byName.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("AttachedReport: name must be that of a dictionary, got '" + name
                    + "'; its names are " + byName.keySet());
        }
        return entry;
    }

    /** Returns a line and a table for each dictionary. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        byName.forEach((name, entry) -> text.append(text.isEmpty() ? "" : System.lineSeparator())
                .append(name)
                .append(": ")
                .append(entry.reconstruction())
                .append(System.lineSeparator())
                .append(entry.effect()));
        return text.toString();
    }
}
