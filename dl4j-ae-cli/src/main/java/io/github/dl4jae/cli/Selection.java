package io.github.dl4jae.cli;

import io.github.dl4jae.selection.FeatureSelector;
import java.util.List;

/** Selected columns of a table, or pixels of images, the most important first. */
interface Selection {

    /** Selects as many from the same examples in another way. */
    Selection by(FeatureSelector selector);

    /** Returns what is selected: columns or pixels. */
    String unit();

    /** Returns the number of those that could be selected. */
    int selectable();

    /** Returns the names of the columns that identify one in a result. */
    List<String> keyNames();

    /** Returns a value for each of the {@link #keyNames} of each of them. */
    List<List<String>> keys();

    /** Returns the fraction of the variance of the validation examples that the first ones explain linearly. */
    double r2(int first);
}
