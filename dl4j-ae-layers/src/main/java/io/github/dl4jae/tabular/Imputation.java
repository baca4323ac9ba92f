package io.github.dl4jae.tabular;

/** What stands in for a missing value. */
public enum Imputation {
    /** Nothing: a missing value is an error. */
    NONE,

    /** The mean of a column of numbers, the most frequent category otherwise. */
    MEAN,

    /** The median of a column of numbers, the most frequent category otherwise. */
    MEDIAN
}
