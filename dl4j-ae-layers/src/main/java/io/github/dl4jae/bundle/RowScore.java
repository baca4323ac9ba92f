package io.github.dl4jae.bundle;

/**
 * The reconstruction error of a row of a table.
 *
 * <pre>
 * score        1/|P| Σ_{j ∈ P} (x_j − x̂_j)²       P the standardized features of the values that are present
 * worstError   max_c Σ_{j ∈ P of column c} (x_j − x̂_j)²
 * </pre>
 *
 * <p>Numbers are standardized by the training rows, so among numbers alone, a model that always answers with the mean
 * scores 1 on average. A reconstruction that is NaN or infinite gives an infinite score.
 *
 * @param score the mean squared error; NaN for a row without any value
 * @param worstColumn the name of the column with the largest squared error, the first of equal ones; empty for a row
 *     without any value
 * @param worstError the squared error of that column, summed over its features; NaN for a row without any value
 * @param missing the number of columns without a value
 */
public record RowScore(double score, String worstColumn, double worstError, int missing) {

    /** The name of the score in a {@link Threshold}: {@value}. */
    public static final String NAME = "mean squared error per row";
}
