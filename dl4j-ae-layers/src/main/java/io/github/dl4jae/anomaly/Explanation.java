package io.github.dl4jae.anomaly;

import java.util.List;

/**
 * Why a row of a table has its score.
 *
 * @param score of the row
 * @param threshold above which a row is an anomaly
 * @param tailProbability the probability that a normal row scores as high, as the held-out rows estimate it
 * @param columns the columns, the largest share first
 */
public record Explanation(double score, double threshold, double tailProbability, List<ColumnShare> columns) {

    /**
     * Copies the columns.
     *
     * @param score of the row
     * @param threshold above which a row is an anomaly
     * @param tailProbability of the score among normal rows
     * @param columns the columns, the largest share first
     */
    public Explanation {
        columns = List.copyOf(columns);
    }

    /**
     * Returns whether the row is an anomaly.
     *
     * @return whether its score is above the threshold
     */
    public boolean isAnomaly() {
        return score > threshold;
    }

    /**
     * The share of a column in the score of a row.
     *
     * @param column its name
     * @param share in [0, 1]; the shares of all columns sum to 1, or to 0 if no column stands out
     * @param found the value of the row, as the file has it; empty if it is missing
     * @param expected the value that the autoencoder expects from the other columns
     */
    public record ColumnShare(String column, double share, String found, String expected) {}
}
