package io.github.dl4jae.examples.timeseries;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.data.NpzFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Windows of series, in the order of time.
 *
 * @param train windows before the test windows, none of which shares a step with them
 * @param test the last tenth of the windows
 */
record SeriesSource(INDArray train, INDArray test) {

    private static final String DIRECTORY = "series";
    private static final String ARRAY = "data";
    private static final Map<String, String> FILES = Map.of(
            "energy", "energy_subsampled_train_perc_20.npz",
            "air", "air_subsampled_train_perc_100.npz",
            "stock", "stockv_subsampled_train_perc_100.npz");

    private static final int COUNT = 1000;
    private static final int FEATURES = 5;
    private static final int STEPS = 24;

    /** Reads {@code energy}, {@code air}, {@code stock} or an NPZ file, or generates {@code sine}. */
    static SeriesSource load(String name, long seed) {
        if (name.equals("sine")) {
            return split(sine(seed), 0);
        }
        Path file = FILES.containsKey(name)
                ? DataDirectory.find().path().resolve(DIRECTORY).resolve(FILES.get(name))
                : Path.of(name);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("--series must be sine, or name a file that exists, got " + file
                    + "; docs/timeseries.md says where the files come from");
        }
        INDArray series = NpzFile.read(file).get(ARRAY);
        if (series == null || series.rank() != 3) {
            throw new IllegalArgumentException(
                    "--series must be a file with an array '" + ARRAY + "' [N, time, features], got " + file);
        }
        return split(series.permute(0, 2, 1).dup('c'), Math.toIntExact(series.size(1)) - 1);
    }

    /** Leaves out a gap between training and test windows, because neighboring windows share steps. */
    private static SeriesSource split(INDArray series, long gap) {
        long count = series.size(0);
        long from = count - count / 10;
        return new SeriesSource(rows(series, 0, from - gap), rows(series, from, count));
    }

    static INDArray rows(INDArray series, long from, long to) {
        return series.get(NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
    }

    static INDArray steps(INDArray series, long from, long to) {
        return series.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                .dup('c');
    }

    /** Sines of random frequency and phase in each feature. */
    private static INDArray sine(long seed) {
        Random random = new Random(seed);
        INDArray series = Nd4j.create(DataType.DOUBLE, COUNT, FEATURES, STEPS);
        for (int i = 0; i < COUNT; i++) {
            for (int f = 0; f < FEATURES; f++) {
                double frequency = 0.1 + 0.5 * random.nextDouble(); // radians per step
                double phase = 2 * Math.PI * random.nextDouble();
                for (int t = 0; t < STEPS; t++) {
                    series.putScalar(i, f, t, Math.sin(frequency * t + phase));
                }
            }
        }
        return series;
    }
}
