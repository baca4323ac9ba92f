package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A way to show examples on a {@link FeaturePage}: as pictures, rows of a table, series or words.
 *
 * <p>A view has a source, which returns an example by its number. The number is that of {@link FeatureExample#example}:
 * the place of the example in the stream that the collector received. The page asks for each example that it shows
 * once, in ascending order.
 */
public abstract class ExampleView {

    ExampleView() {}

    /**
     * Shows examples as pictures.
     *
     * @param source returns an example with {@code channels·height·width} values in [0, 1], channels first as in
     *     {@code [channels, height, width]}; values outside are clipped, and NaN is black
     * @param height of a picture
     * @param width of a picture
     * @param channels 1 for gray, 3 for red, green and blue
     * @return the view
     * @throws IllegalArgumentException if height or width is below 1, or there are other channels
     */
    public static ImageView images(IntFunction<INDArray> source, int height, int width, int channels) {
        return new ImageView(source, height, width, channels);
    }

    /**
     * Shows examples as lists of the values that are farthest from their column's mean, in its standard deviations.
     * Means and standard deviations are those of the examples on the page.
     *
     * @param source returns an example with a value for each column
     * @param columns the names of the columns
     * @return the view
     * @throws IllegalArgumentException if there is no column
     */
    public static ExampleView table(IntFunction<INDArray> source, List<String> columns) {
        return new TableView(source, columns);
    }

    /**
     * Shows examples as line charts, each channel on a scale from its minimum to its maximum over the examples on the
     * page.
     *
     * @param source returns an example of {@code [channels, steps]}
     * @param channels the names of the channels
     * @param steps the number of steps
     * @return the view
     * @throws IllegalArgumentException if there is no channel or no step
     */
    public static ExampleView series(IntFunction<INDArray> source, List<String> channels, int steps) {
        return new SeriesView(source, channels, steps);
    }

    /**
     * Shows examples as words. If examples have positions, the word at the position is highlighted.
     *
     * @param source returns the words of an example
     * @return the view
     */
    public static ExampleView words(IntFunction<List<String>> source) {
        return new WordsView(source);
    }

    /**
     * Adds examples to a page.
     *
     * @param examples their numbers, ascending
     * @param positions whether an example has several positions
     * @param page the data of the page
     * @return what the script of the page needs to show them, with its {@code kind}
     */
    abstract Map<String, Object> writeTo(int[] examples, boolean positions, PageData page);

    /** Returns the values of an example in order of its indices. */
    static float[] values(IntFunction<INDArray> source, int example, int length) {
        INDArray values = Require.given(
                "ExampleView", "example " + example, source.apply(example), "return all examples from the source");
        Require.that(
                values.length() == length,
                "ExampleView",
                "example " + example + " must have " + length + " values",
                values.length(),
                "return it from the source in the shape that the view was built for");
        return values.dup('c').reshape(new long[] {length}).toFloatVector();
    }
}
