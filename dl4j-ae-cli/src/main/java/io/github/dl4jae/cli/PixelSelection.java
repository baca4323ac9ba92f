package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.LinearReconstruction;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Selected pixels of images, with the rows and columns of their places from 0. A color image has the values of each
 * channel.
 *
 * <pre>
 * R² = 1 − Σ_ij (x_ij − x̂_ij)² / Σ_ij (x_ij − x̄_j)²        over all values, some of which hardly vary
 * </pre>
 */
record PixelSelection(ImageShape shape, INDArray training, INDArray validation, List<Integer> selected)
        implements Selection {

    /**
     * Selects pixels.
     *
     * @throws IllegalArgumentException if there are too few
     */
    static PixelSelection of(
            ImageShape shape, INDArray training, INDArray validation, FeatureSelector selector, int k) {
        if (k > shape.size()) {
            throw new IllegalArgumentException(
                    "--k must be at most " + shape.size() + ", the values of an image of " + shape + ", got " + k);
        }
        return new PixelSelection(
                shape,
                training,
                validation,
                Arrays.stream(selector.select(training, k)).boxed().toList());
    }

    @Override
    public PixelSelection by(FeatureSelector selector) {
        return of(shape, training, validation, selector, selected.size());
    }

    @Override
    public String unit() {
        return "pixels";
    }

    @Override
    public int selectable() {
        return shape.size();
    }

    @Override
    public List<String> keyNames() {
        return shape.channels() == 1 ? List.of("row", "column") : List.of("row", "column", "channel");
    }

    @Override
    public List<List<String>> keys() {
        return selected.stream().map(this::key).toList();
    }

    private List<String> key(int value) {
        int perChannel = shape.height() * shape.width();
        int pixel = value % perChannel;
        List<String> key = List.of(
                Integer.toString(pixel / shape.width()),
                Integer.toString(pixel % shape.width()),
                Integer.toString(value / perChannel));
        return key.subList(0, keyNames().size());
    }

    @Override
    public double r2(int first) {
        double error = LinearReconstruction.fit(
                        training,
                        selected.stream().limit(first).mapToInt(value -> value).toArray())
                .meanSquaredError(validation);
        INDArray centered = validation.subRowVector(validation.mean(true, 0));
        return 1 - error / centered.muli(centered).meanNumber().doubleValue();
    }
}
