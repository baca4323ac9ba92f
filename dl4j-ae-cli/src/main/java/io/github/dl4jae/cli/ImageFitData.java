package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.cli.ImageExamples.ImageBatch;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.data.ImageStream;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.zoo.DataShape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Images, as bytes in memory.
 *
 * @param source their file or folder
 * @param notes lines about files that are left out
 * @param isConvolutional whether a network has convolutions instead of dense layers
 */
record ImageFitData(
        Path source, List<String> notes, boolean isConvolutional, ImageSet trainingImages, ImageSet validationImages)
        implements FitData {

    private static final int MOST_SCORED = 1024;

    /**
     * Reads images.
     *
     * @throws IllegalArgumentException if they are refused, or there are too few for training and validation
     */
    static ImageFitData read(Path source, boolean isConvolutional, double trainingFraction, long seed) {
        try (ImageStream stream = ImageStream.of(source, Integer.MAX_VALUE)) {
            if (stream.count() < 2) {
                throw new IllegalArgumentException(
                        source + " must have at least 2 images, for training and validation, got " + stream.count());
            }
            ImageSet images = stream.next();
            int training = (int) Math.round(images.size() * trainingFraction);
            int split = Math.max(1, Math.min(images.size() - 1, training));
            int[] order = RowBatches.permutation(images.size(), seed);
            return new ImageFitData(
                    source,
                    ImageExamples.notes(stream),
                    isConvolutional,
                    images.images(sorted(order, 0, split)),
                    images.images(sorted(order, split, images.size())));
        }
    }

    private static int[] sorted(int[] order, int from, int to) {
        return Arrays.stream(order, from, to).sorted().toArray();
    }

    private ImageShape imageShape() {
        return new ImageShape(trainingImages.height(), trainingImages.width(), trainingImages.channels());
    }

    @Override
    public DataShape shape() {
        ImageShape shape = imageShape();
        if (!isConvolutional) {
            return DataShape.pixels(shape.size());
        }
        try {
            return DataShape.image(shape.height(), shape.width(), shape.channels());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    source + " must have images that --network convolutional can take, got " + shape
                            + "; scale or pad them, or use --network dense: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String name() {
        return trainingSize() + " images of " + source.getFileName();
    }

    @Override
    public int trainingSize() {
        return trainingImages.size();
    }

    @Override
    public int validationSize() {
        return validationImages.size();
    }

    @Override
    public RowBatches training(int batch, long seed) {
        return batches(trainingImages, batch, seed);
    }

    @Override
    public RowBatches validation(int batch, long seed) {
        return batches(validationImages, batch, seed);
    }

    private static RowBatches batches(ImageSet images, int batch, long seed) {
        return new RowBatches(
                images.size(),
                chosen -> {
                    INDArray features = images.features(chosen);
                    return new DataSet(features, features);
                },
                batch,
                seed);
    }

    @Override
    public Stream<ImageBatch> validationBatches() {
        int batch = ImageModel.batch(imageShape(), MOST_SCORED);
        return IntStream.iterate(0, from -> from < validationSize(), from -> from + batch)
                .mapToObj(from -> IntStream.range(from, Math.min(validationSize(), from + batch))
                        .toArray())
                .map(chosen -> new ImageBatch(
                        validationImages.images(chosen), validationImages.features(chosen), 1L + chosen[0]));
    }

    @Override
    public PixelSelection select(FeatureSelector selector, int k) {
        return PixelSelection.of(imageShape(), trainingImages.features(), validationImages.features(), selector, k);
    }

    @Override
    public ModelBundle.Builder describe(ModelBundle.Builder bundle) {
        return bundle.imageShape(imageShape());
    }
}
