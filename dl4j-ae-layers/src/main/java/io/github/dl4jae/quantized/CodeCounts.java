package io.github.dl4jae.quantized;

import org.jspecify.annotations.Nullable;

/** Counts of indices, collected mini-batch by mini-batch. */
final class CodeCounts {

    private long @Nullable [][] counts;

    /** Adds indices {@code [N·stages]}; negative ones are padding. */
    void add(CodeTable table, int[] indices) {
        if (counts == null) {
            counts = new long[table.stages()][table.codes()];
        }
        for (int at = 0; at < indices.length; at++) {
            if (indices[at] >= 0) {
                counts[at % table.stages()][indices[at]]++;
            }
        }
    }

    /** Returns the report of what was added, or null if nothing was, and starts again. */
    @Nullable
    CodebookReport takeReport() {
        CodebookReport report = counts == null ? null : new CodebookReport(counts);
        counts = null;
        return report;
    }
}
