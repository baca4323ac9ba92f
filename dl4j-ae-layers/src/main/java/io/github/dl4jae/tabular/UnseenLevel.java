package io.github.dl4jae.tabular;

/** What becomes of a category that did not occur in the rows with which a schema was fitted. */
public enum UnseenLevel {
    /** An error that names the column and the category. */
    ERROR,

    /** Zeros in all columns of the encoding. */
    ZEROS,

    /** The most frequent category of the column. */
    MOST_FREQUENT
}
