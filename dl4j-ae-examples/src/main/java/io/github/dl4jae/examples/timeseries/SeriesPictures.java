package io.github.dl4jae.examples.timeseries;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ScatterPlot;
import io.github.dl4jae.timeseries.SeriesParts;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tagbio.umap.Umap;

/** Charts of real and generated series. */
final class SeriesPictures {

    private static final int MAPPED = 500; // of each kind, for UMAP
    private static final int NEIGHBORS = 15;
    private static final int REAL = 0;
    private static final int GENERATED = 1;

    private SeriesPictures() {}

    static double[] feature(INDArray series, int row, int feature) {
        return series.slice(row).getRow(feature).toDoubleVector();
    }

    /** Draws one feature of several series. */
    static BufferedImage curves(String title, INDArray series, int feature, int count) {
        CurvePlot plot = new CurvePlot(title, "step", "feature " + feature);
        IntStream.range(0, (int) Math.min(count, series.size(0)))
                .forEach(row -> plot.curve("series " + (row + 1), steps(series), feature(series, row, feature)));
        return plot.draw();
    }

    private static double[] steps(INDArray series) {
        return IntStream.range(0, (int) series.size(2)).asDoubleStream().toArray();
    }

    /** Draws one feature of a series, its reconstruction, and the parts of that. */
    static BufferedImage parts(INDArray series, SeriesParts parts, int feature) {
        CurvePlot plot = new CurvePlot("Parts of a series", "step", "feature " + feature)
                .curve("series", steps(series), feature(series, 0, feature))
                .curve("reconstruction", steps(series), feature(parts.sum(), 0, feature));
        parts.names().forEach(name -> plot.curve(name, steps(series), feature(parts.get(name), 0, feature)));
        return plot.draw();
    }

    /** Draws the end of a series, and two forecasts of it. */
    static BufferedImage forecast(INDArray series, INDArray forecast, int feature) {
        double[] all = steps(series);
        double[] rest = Arrays.copyOfRange(all, all.length - (int) forecast.size(2), all.length);
        return new CurvePlot("Forecast", "step", "feature " + feature)
                .curve("series", all, feature(series, 0, feature))
                .curve("forecast", rest, feature(forecast, 0, feature))
                .draw();
    }

    private static INDArray rows(INDArray scaled) {
        return scaled.castTo(DataType.FLOAT).dup('c').reshape(scaled.size(0), scaled.size(1) * scaled.size(2));
    }

    private static int[] kinds(INDArray real, INDArray generated) {
        int[] kinds = new int[(int) (real.size(0) + generated.size(0))];
        Arrays.fill(kinds, (int) real.size(0), kinds.length, GENERATED);
        Arrays.fill(kinds, 0, (int) real.size(0), REAL);
        return kinds;
    }

    private static BufferedImage overlay(String title, INDArray points, INDArray real, INDArray generated) {
        return new ScatterPlot(title, "first coordinate", "second coordinate")
                .points(points, kinds(real, generated))
                .draw();
    }

    /** Draws series in the plane of the first principal components of the real ones. */
    static BufferedImage pca(INDArray real, INDArray generated) {
        PcaAutoencoder plane = PcaAutoencoder.fit(rows(real), 2);
        return overlay("PCA", plane.encode(rows(Nd4j.concat(0, real, generated))), real, generated);
    }

    /** Draws an embedding of real and generated series together. */
    static BufferedImage umap(INDArray real, INDArray generated, long seed) {
        INDArray some = SeriesSource.rows(real, 0, Math.min(MAPPED, real.size(0)));
        INDArray others = SeriesSource.rows(generated, 0, Math.min(MAPPED, generated.size(0)));
        float[][] points = new Umap()
                .setNumberComponents(2)
                .setNumberNearestNeighbours(NEIGHBORS)
                .setThreads(1) // more threads make the result random
                .setSeed(seed)
                .fitTransform(rows(Nd4j.concat(0, some, others)).toFloatMatrix());
        return overlay("UMAP", Nd4j.createFromArray(points), some, others);
    }
}
