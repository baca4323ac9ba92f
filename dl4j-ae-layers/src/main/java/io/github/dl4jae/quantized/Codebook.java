package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The codebooks of all stages, read from the parameters of a layer. Changes reach the layer by {@link #write}. */
final class Codebook implements CodeTable {

    /** ε of the Laplace smoothing. */
    private static final double SMOOTHING = 1e-5;

    private final int stages;
    private final int codes;
    private final int width;
    /** e, {@code [S·K·width]}. */
    private final double[] vectors;
    /** N, {@code [S·K]}. */
    private final double[] counts;
    /** The number of codes of each stage that have been set from data. */
    private final double[] started;

    /** Takes ownership of the arrays. */
    Codebook(int codes, int width, double[] vectors, double[] counts, double[] started) {
        this.stages = started.length;
        this.codes = codes;
        this.width = width;
        this.vectors = vectors;
        this.counts = counts;
        this.started = started;
    }

    /** Copies the codebooks of a layer. */
    static Codebook read(VectorQuantizationLayer layer, Map<String, INDArray> parameters) {
        return new Codebook(
                layer.getCodes(),
                Math.toIntExact(layer.getNIn()),
                values(parameters, CodebookParamInitializer.CODEBOOK),
                values(parameters, CodebookParamInitializer.COUNTS),
                values(parameters, CodebookParamInitializer.STARTED));
    }

    private static double[] values(Map<String, INDArray> parameters, String key) {
        return DoubleRows.values(Objects.requireNonNull(parameters.get(key), key));
    }

    /** Writes the codebooks into the parameters of a layer. */
    void write(Map<String, INDArray> parameters) {
        write(vectors, parameters, CodebookParamInitializer.CODEBOOK);
        write(counts, parameters, CodebookParamInitializer.COUNTS);
        write(started, parameters, CodebookParamInitializer.STARTED);
    }

    private static void write(double[] values, Map<String, INDArray> parameters, String key) {
        INDArray view = Objects.requireNonNull(parameters.get(key), key);
        view.assign(Nd4j.createFromArray(values).reshape(view.shape()));
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int stages() {
        return stages;
    }

    @Override
    public int codes() {
        return codes;
    }

    /** Returns whether no code has been set from data yet. */
    boolean isUntouched() {
        return started[0] == 0;
    }

    /** Returns the number of codes to choose from. Before the start these are the random ones. */
    private int choices(int stage) {
        return started[stage] == 0 ? codes : (int) started[stage];
    }

    @Override
    public int[] indices(double[] rows) {
        return quantize(rows).indices();
    }

    @Override
    public double[] vectors(int[] indices) {
        double[] sums = new double[indices.length / stages * width];
        for (int at = 0; at < indices.length; at++) {
            int from = (at % stages * codes + indices[at]) * width;
            int to = at / stages * width;
            for (int j = 0; j < width; j++) {
                sums[to + j] += vectors[from + j];
            }
        }
        return sums;
    }

    /** Quantizes vectors, each stage what the stages before it leave. */
    ResidualCodes quantize(double[] rows) {
        int count = rows.length / width;
        int[] indices = new int[count * stages];
        double[][] residuals = new double[stages][];
        double[] rest = rows;
        for (int s = 0; s < stages; s++) {
            int[] nearest = nearest(s, rest);
            rest = subtracted(s, nearest, rest);
            residuals[s] = rest;
            for (int row = 0; row < count; row++) {
                indices[row * stages + s] = nearest[row];
            }
        }
        double[] quantized = vectors(indices);
        for (int i = 0; i < rows.length; i++) {
            if (!Double.isFinite(rows[i])) { // must show, and not end in a code
                Arrays.fill(quantized, i / width * width, (i / width + 1) * width, Double.NaN);
            }
        }
        return new ResidualCodes(width, stages, indices, quantized, residuals, rows);
    }

    private int[] nearest(int stage, double[] rows) {
        return new NearestCodes(vectors, stage * codes * width, choices(stage), width).of(rows);
    }

    private double[] subtracted(int stage, int[] nearest, double[] rows) {
        double[] rest = rows.clone();
        for (int i = 0; i < rest.length; i++) {
            rest[i] -= vectors[(stage * codes + nearest[i / width]) * width + i % width];
        }
        return rest;
    }

    /** Sets codes that have not started to centers of vectors: as many as there are vectors, at most all. */
    void start(double[] rows, long seed) {
        double[] rest = finite(rows);
        for (int s = 0; s < stages; s++) {
            int first = (int) started[s];
            double[] centers = rest.length == 0 || first == codes
                    ? new double[0]
                    : KMeansStart.centers(rest, width, codes - first, seed + s);
            int more = centers.length / width;
            System.arraycopy(centers, 0, vectors, (s * codes + first) * width, centers.length);
            started[s] += more;
            int[] nearest = nearest(s, rest);
            Arrays.fill(counts, s * codes + first, s * codes + first + more, 0);
            for (int each : nearest) {
                if (each >= first) {
                    counts[s * codes + each]++;
                }
            }
            rest = subtracted(s, nearest, rest);
        }
    }

    private double[] finite(double[] rows) {
        double[] kept = new double[rows.length];
        int length = 0;
        for (int at = 0; at < rows.length; at += width) {
            if (isFinite(rows, at)) {
                System.arraycopy(rows, at, kept, length, width);
                length += width;
            }
        }
        return Arrays.copyOf(kept, length);
    }

    private boolean isFinite(double[] rows, int at) {
        return Arrays.stream(rows, at, at + width).allMatch(Double::isFinite);
    }

    /**
     * Moves the codes toward the vectors of a mini-batch that they stand for.
     *
     * @param batch quantized by this codebook
     * @param decay γ
     */
    void follow(ResidualCodes batch, double decay) {
        for (int s = 0; s < stages; s++) {
            int first = s * codes;
            double[] n = new double[codes];
            double[] m = new double[codes * width];
            double[] entering = batch.entering(s);
            for (int row = 0; row < batch.count(); row++) {
                if (isFinite(entering, row * width)) {
                    int k = batch.indices()[row * stages + s];
                    n[k]++;
                    for (int j = 0; j < width; j++) {
                        m[k * width + j] += entering[row * width + j];
                    }
                }
            }
            double[] before = smoothed(s);
            for (int k = 0; k < codes; k++) {
                counts[first + k] = decay * counts[first + k] + (1 - decay) * n[k];
            }
            double[] after = smoothed(s);
            for (int k = 0; k < choices(s); k++) {
                for (int j = 0; j < width && after[k] > 0; j++) {
                    int at = (first + k) * width + j;
                    double sum = vectors[at] * before[k]; // M_k
                    vectors[at] = (decay * sum + (1 - decay) * m[k * width + j]) / after[k];
                }
            }
        }
    }

    /** Returns N̂, the counts of a stage after Laplace smoothing. */
    private double[] smoothed(int stage) {
        int used = choices(stage);
        double total = total(stage);
        double[] smoothed = new double[codes];
        for (int k = 0; k < used; k++) {
            smoothed[k] = (counts[stage * codes + k] + SMOOTHING) / (total + used * SMOOTHING) * total;
        }
        return smoothed;
    }

    private double total(int stage) {
        return Arrays.stream(counts, stage * codes, stage * codes + choices(stage))
                .sum();
    }

    /**
     * Replaces rarely used codes by random vectors of a mini-batch.
     *
     * @param batch whose vectors are used
     * @param share of the mean count below which a code is replaced
     * @param noise for the choice of the vectors
     * @param iteration of training
     * @param epoch of training
     */
    void expire(ResidualCodes batch, double share, NoiseStream noise, int iteration, int epoch) {
        for (int s = 0; s < stages; s++) {
            double[] rows = finite(batch.entering(s));
            double mean = total(s) / choices(s);
            double[] random = new double[codes];
            noise.at(iteration, epoch, s).uniform(0, random, 0, codes);
            for (int k = 0; k < choices(s) && rows.length > 0; k++) {
                if (counts[s * codes + k] < share * mean) {
                    int count = rows.length / width;
                    int row = (int) (random[k] * count);
                    System.arraycopy(rows, row * width, vectors, (s * codes + k) * width, width);
                    counts[s * codes + k] = mean;
                }
            }
        }
    }

    /** Starts the codes for which earlier mini-batches had too few vectors. */
    void startMore(ResidualCodes batch, long seed) {
        if (Arrays.stream(started).anyMatch(each -> each < codes)) {
            start(batch.rows(), seed);
        }
    }
}
