package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained autoencoder of images. */
final class ImageModel implements TrainedModel {

    /** The name of the score in a model. */
    static final String SCORE = "mean squared error per image";

    /** The largest number of values in memory at a time, of 4 bytes each; layers need a multiple of it. */
    private static final int MOST_VALUES = 1 << 22;

    private final String source;
    private final ImageShape shape;
    private final TrainedNetwork network;

    ImageModel(String source, ModelBundle bundle, ImageShape shape) {
        this.source = source;
        this.shape = shape;
        this.network = new TrainedNetwork(source, bundle);
    }

    @Override
    public TrainedNetwork network() {
        return network;
    }

    /** Returns the expected images. Images drawn from p(x|z) would have pixels of 0 and 1. */
    @Override
    public INDArray generate(VariationalModel model, INDArray codes, long seed) {
        return model.decode(codes);
    }

    @Override
    public String unit() {
        return "image";
    }

    @Override
    public String scoreName() {
        return SCORE;
    }

    @Override
    public int batch(int wanted) {
        return batch(shape, wanted);
    }

    static int batch(ImageShape shape, int wanted) {
        return Math.max(1, Math.min(wanted, MOST_VALUES / shape.size()));
    }

    @Override
    public Examples open(Console console, Source examples, int batch) {
        Path images = examples.images();
        if (images == null) {
            throw new IllegalArgumentException(source + " must be a model of a table for --csv, got one of images of "
                    + shape + "; give --images");
        }
        ImageExamples opened = ImageExamples.open(images, batch(batch));
        ImageShape found = opened.shape();
        if (!found.equals(shape)) {
            opened.close();
            throw new IllegalArgumentException(images + " must have images of " + shape + " (height × width ×"
                    + " channels), as " + source + " has, got " + found + "; scale or convert them, or fit a model to"
                    + " images of their size");
        }
        return opened;
    }

    @Override
    public ExampleOutput output(Console console, Path out) {
        return new ImageOutput(out, shape);
    }
}
