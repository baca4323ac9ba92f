package io.github.dl4jae.examples;

import io.github.dl4jae.VariationalModel;
import io.github.dl4jae.data.LabelledImages;
import io.github.dl4jae.generation.CodeMixture;
import io.github.dl4jae.generation.Interpolation;
import io.github.dl4jae.generation.LatentTraversal;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.plot.ScatterPlot;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The pictures that all variational examples leave: samples, reconstructions, interpolations, traversals, and maps of two latents. */
final class LatentPictures {

    private static final int PIXELS = 28;
    private static final int SIDE = 20;

    private final VariationalModel model;
    private final LabelledImages images;
    private final String source;
    private final long seed;
    /** Latents by what they carry, the most first. */
    private final int[] order;

    LatentPictures(VariationalModel model, LabelledImages images, String source, long seed) {
        this.model = model;
        this.images = images;
        this.source = source;
        this.seed = seed;
        double[] carries = model.posterior(features(2000)).divergencePerLatent(new double[model.latents()]);
        this.order = IntStream.range(0, carries.length)
                .boxed()
                .sorted((a, b) -> Double.compare(carries[b], carries[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private INDArray features(int count) {
        return images.first(Math.min(count, images.size())).features();
    }

    void addTo(Report report) {
        INDArray originals = features(20);
        report.picture("reconstructions", "Test images and their reconstructions.", () -> grid().row(originals)
                        .row(model.reconstruct(originals))
                        .draw())
                .picture("samples", "Decoded samples of the prior.", () -> grid().columns(SIDE)
                        .images(model.decode(model.samplePrior(10 * SIDE, seed)))
                        .draw())
                .picture(
                        "mixture-samples",
                        "Decoded samples of a mixture of ten Gaussians, fitted to the codes of test images.",
                        this::mixtureSamples)
                .picture("interpolations", "From one code to another: on a line, and on an arc.", this::interpolations)
                .picture(
                        "traversals",
                        "One latent at a time from -3 to 3, those that carry most first; the others are those of the first test image.",
                        this::traversals);
        addMaps(report, "");
    }

    /** A scatter of codes and the manifold, in the two latents that carry most: all there are, if there are two. */
    void addMaps(Report report, String suffix) {
        String which = model.latents() == 2
                ? "the two latents"
                : "the two of " + model.latents() + " latents that carry most; the others are 0";
        report.picture("map" + suffix, "Codes of test images by class, in " + which + ".", () -> new ScatterPlot(
                                "Codes of " + source, "latent " + order[0], "latent " + order[1])
                        .points(mapCodes(), Arrays.copyOf(images.labels(), Math.min(2000, images.size())))
                        .draw())
                .picture(
                        "manifold" + suffix,
                        "What the decoder draws in " + which + ", from -3 to 3.",
                        () -> grid().columns(SIDE)
                                .images(model.decode(LatentTraversal.grid(
                                        Nd4j.zeros(1, model.latents()), order[0], order[1], 3, SIDE)))
                                .scale(1)
                                .draw());
    }

    private INDArray mapCodes() {
        INDArray codes = model.encode(features(2000));
        return Nd4j.hstack(
                codes.getColumn(order[0]).reshape(codes.size(0), 1),
                codes.getColumn(order[1]).reshape(codes.size(0), 1));
    }

    private BufferedImage mixtureSamples() {
        CodeMixture mixture = CodeMixture.fit(model.encode(features(2000)), 10, seed);
        return grid().columns(SIDE)
                .images(model.decode(mixture.sample(10 * SIDE, seed)))
                .draw();
    }

    private BufferedImage interpolations() {
        INDArray codes = model.encode(features(8));
        ImageGrid grid = grid();
        for (int i = 0; i < 6; i += 2) {
            for (Interpolation way : Interpolation.values()) {
                grid.row(model.decode(way.path(codes.getRow(i), codes.getRow(i + 1), 12)));
            }
        }
        return grid.draw();
    }

    private BufferedImage traversals() {
        INDArray code = model.encode(features(1));
        ImageGrid grid = grid();
        for (int j = 0; j < Math.min(10, order.length); j++) {
            grid.row(model.decode(LatentTraversal.of(code, order[j], -3, 3, 13)));
        }
        return grid.draw();
    }

    private static ImageGrid grid() {
        return ImageGrid.of(PIXELS, PIXELS);
    }
}
