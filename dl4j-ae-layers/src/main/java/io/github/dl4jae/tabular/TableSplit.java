package io.github.dl4jae.tabular;

/**
 * The training and test rows of a file, both encoded by a schema that was fitted to the training rows.
 *
 * @param train the rows to train with
 * @param test the other rows
 */
public record TableSplit(FeatureTable train, FeatureTable test) {

    /**
     * Returns the schema of both.
     *
     * @return the schema that was fitted to the training rows
     */
    public TableSchema schema() {
        return train.schema();
    }
}
