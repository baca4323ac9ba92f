package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.zoo.DataShape;
import java.util.List;
import java.util.stream.Stream;

/** The data that {@code fit} trains on, a table or images, split into training and validation examples. */
interface FitData {

    /** Returns lines about what was found and left out. */
    List<String> notes();

    /** Returns the shape of an example, from which a network is made. */
    DataShape shape();

    /** Returns a name of the training examples that tells others apart, for checkpoints. */
    String name();

    int trainingSize();

    int validationSize();

    RowBatches training(int batch, long seed);

    RowBatches validation(int batch, long seed);

    /** Returns the validation examples, to score them. */
    Stream<? extends Examples.Batch> validationBatches();

    /**
     * Selects columns or pixels from the training examples.
     *
     * @throws IllegalArgumentException if there are fewer than k
     */
    Selection select(FeatureSelector selector, int k);

    /** Adds what a model must know about its data. */
    ModelBundle.Builder describe(ModelBundle.Builder bundle);
}
