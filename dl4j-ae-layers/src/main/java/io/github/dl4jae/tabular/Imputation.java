package io.github.dl4jae.tabular;

/** The replacement of missing values. */
public enum Imputation {
    /** No replacement: a missing value is an error. */
    NONE,

    /** The mean of a numeric column, the most frequent value of a categorical one. */
    MEAN,

    /** The median of a numeric column, the most frequent value of a categorical one. */
    MEDIAN,

    /** The most frequent value, which is the smallest of several. */
    MOST_FREQUENT
}
