package io.github.dl4jae.examples.variational;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.generation.CodeMixture;
import io.github.dl4jae.generation.Interpolation;
import io.github.dl4jae.generation.LatentTraversal;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.plot.ScatterPlot;
import io.github.dl4jae.variational.VariationalModel;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The pictures of a variational example: samples, reconstructions, interpolations, traversals, and maps. */
final class LatentPictures {

    private static final int MANY = 2000;
    private static final int SIDE = 20;

    /** Given a number of images, returns the model that encodes them: a conditional model is given their classes. */
    private final IntFunction<VariationalModel> models;
    /** The model that decodes codes of no particular image. */
    private final VariationalModel decoder;

    private final LabeledImages images;
    private final boolean asImages;
    private final long seed;
    /** Latents by their KL divergence, the largest first. */
    private final int[] order;

    private LatentPictures(
            IntFunction<VariationalModel> models,
            VariationalModel decoder,
            LabeledImages images,
            boolean asImages,
            long seed) {
        this.models = models;
        this.decoder = decoder;
        this.images = images;
        this.asImages = asImages;
        this.seed = seed;
        INDArray some = features(MANY);
        double[] divergences =
                models.apply((int) some.size(0)).posterior(some).divergencePerLatent(new double[decoder.latents()]);
        this.order = IntStream.range(0, divergences.length)
                .boxed()
                .sorted((a, b) -> Double.compare(divergences[b], divergences[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns the pictures of a model whose inputs are rows of pixels. */
    static LatentPictures of(VariationalModel model, LabeledImages images, long seed) {
        return new LatentPictures(count -> model, model, images, false, seed);
    }

    /** Returns the pictures of a convolutional model. */
    static LatentPictures ofImages(VariationalModel model, LabeledImages images, long seed) {
        return new LatentPictures(count -> model, model, images, true, seed);
    }

    /** Returns the pictures of a conditional model; the decoder is given one class. */
    static LatentPictures conditional(
            IntFunction<VariationalModel> models, VariationalModel decoder, LabeledImages images, long seed) {
        return new LatentPictures(models, decoder, images, false, seed);
    }

    private INDArray features(int count) {
        INDArray rows = images.first(Math.min(count, images.size())).features();
        return asImages ? rows.reshape(rows.size(0), 1, images.rows(), images.columns()) : rows;
    }

    private INDArray encode(int count) {
        INDArray some = features(count);
        return models.apply((int) some.size(0)).encode(some);
    }

    void addTo(Report report) {
        INDArray originals = features(15);
        report.picture("reconstructions", "Test images and their reconstructions.", () -> grid().row(
                                "original", originals)
                        .row(
                                "reconstruction",
                                models.apply((int) originals.size(0)).reconstruct(originals))
                        .draw())
                .picture("samples", "Decoded samples of the prior.", () -> grid().columns(SIDE)
                        .images(decoder.decode(decoder.samplePrior(10 * SIDE, seed)))
                        .draw())
                .picture(
                        "mixture-samples",
                        "Decoded samples of a mixture of ten Gaussians, fitted to the codes of test images.",
                        this::mixtureSamples)
                .picture(
                        "interpolations",
                        "Decoded paths between the codes of test images, for three pairs: on a line, and on an arc.",
                        this::interpolations);
        addTraversals(report, "");
        addMaps(report, "");
    }

    void addTraversals(Report report, String suffix) {
        report.picture(
                "traversals" + suffix,
                "One latent at a time from -3 to 3, by descending KL divergence; the others are those of an image.",
                this::traversals);
    }

    /** Adds a scatter plot of codes, and the decoded plane, of the two latents with the largest KL divergence. */
    void addMaps(Report report, String suffix) {
        String which = decoder.latents() == 2
                ? "the two latents"
                : "the two of " + decoder.latents() + " latents with the largest KL divergence (the others are 0)";
        report.picture("map" + suffix, "Codes of test images, colored by class: " + which + ".", () -> new ScatterPlot(
                                "Codes of " + images.name(), "latent " + order[0], "latent " + order[1])
                        .points(mapCodes(), Arrays.copyOf(images.labels(), Math.min(MANY, images.size())))
                        .draw())
                .picture(
                        "manifold" + suffix,
                        "Decoded grid of " + which + ": latent " + order[0]
                                + " from -3 (left) to 3, and the other at the value beside the row.",
                        this::manifold);
    }

    private BufferedImage manifold() {
        INDArray codes = LatentTraversal.grid(Nd4j.zeros(1, decoder.latents()), order[0], order[1], 3, SIDE);
        INDArray decoded = decoder.decode(codes);
        ImageGrid grid = grid().scale(1);
        for (int row = 0; row < SIDE; row++) {
            long first = (long) row * SIDE;
            grid.row(
                    String.format(Locale.ROOT, "latent %d: %.1f", order[1], codes.getDouble(first, order[1])),
                    decoded.get(NDArrayIndex.interval(first, first + SIDE)));
        }
        return grid.draw();
    }

    private INDArray mapCodes() {
        INDArray codes = encode(MANY);
        return Nd4j.hstack(
                codes.getColumn(order[0]).reshape(codes.size(0), 1),
                codes.getColumn(order[1]).reshape(codes.size(0), 1));
    }

    private BufferedImage mixtureSamples() {
        CodeMixture mixture = CodeMixture.fit(encode(MANY), 10, seed);
        return grid().columns(SIDE)
                .images(decoder.decode(mixture.sample(10 * SIDE, seed)))
                .draw();
    }

    private BufferedImage interpolations() {
        INDArray codes = encode(8);
        ImageGrid grid = grid();
        for (int i = 0; i < 6; i += 2) {
            for (Interpolation way : Interpolation.values()) {
                grid.row(
                        way.name().toLowerCase(Locale.ROOT),
                        decoder.decode(way.path(codes.getRow(i), codes.getRow(i + 1), 12)));
            }
        }
        return grid.draw();
    }

    private BufferedImage traversals() {
        INDArray code = encode(1);
        ImageGrid grid = grid();
        for (int j = 0; j < Math.min(10, order.length); j++) {
            grid.row("latent " + order[j], decoder.decode(LatentTraversal.of(code, order[j], -3, 3, 13)));
        }
        return grid.draw();
    }

    private ImageGrid grid() {
        return ImageGrid.of(images.rows(), images.columns());
    }
}
