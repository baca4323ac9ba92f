package io.github.dl4jae.anomaly;

/**
 * The change of the distribution of a column.
 *
 * @param column its name
 * @param stability the population stability index, at least 0; 0 for equal distributions
 * @param chance the index that 99 % of samples of an unchanged column stay below
 * @param extent what to think of it
 */
public record ColumnDrift(String column, double stability, double chance, Extent extent) {

    /** The usual reading of the index. An index that chance explains is no drift. */
    public enum Extent {
        /** Below 0.1, or explained by chance. */
        NONE,
        /** From 0.1 to 0.25. */
        MODERATE,
        /** Above 0.25: the detector was not fitted to such rows. */
        LARGE
    }

    static ColumnDrift of(String column, double stability, double chance) {
        boolean significant = stability > chance;
        Extent extent = significant && stability > 0.25
                ? Extent.LARGE
                : significant && stability > 0.1 ? Extent.MODERATE : Extent.NONE;
        return new ColumnDrift(column, stability, chance, extent);
    }
}
