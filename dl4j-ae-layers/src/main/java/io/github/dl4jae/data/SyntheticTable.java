package io.github.dl4jae.data;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import io.github.dl4jae.internal.math.Shuffle;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A synthetic table with known informative columns, for tests of feature selectors.
 *
 * <pre>
 * informative   z_a ~ N(0, 1), independent
 * mixtures      ½ Σ_a w_a z_a + ½ ε,  ‖w‖ = 1,  ε ~ N(0, 1)
 * noise         ½ ε
 * class         argmax_c Σ_a v_ca z_a                 one of three
 * </pre>
 *
 * <p>The columns are in random order; {@link #informativeColumns} returns the indices of the k informative ones. These
 * explain more of the other columns than any other k columns do. The table depends only on the arguments.
 */
public final class SyntheticTable {

    private static final int CLASSES = 3;

    private final List<String> names;
    private final float[][] values;
    private final int[] labels;
    private final int[] informative;

    private SyntheticTable(List<String> names, float[][] values, int[] labels, int[] informative) {
        this.names = names;
        this.values = values;
        this.labels = labels;
        this.informative = informative;
    }

    /**
     * Generates a table.
     *
     * @param rows the number of rows, at least 1
     * @param informative the number of informative columns, at least 1
     * @param mixtures the number of columns that are mixtures of the informative ones, at least 0
     * @param noise the number of noise columns, at least 0
     * @param seed the seed of order and values
     * @return the table
     * @throws IllegalArgumentException if a number is too small
     */
    public static SyntheticTable generate(int rows, int informative, int mixtures, int noise, long seed) {
        Require.that(
                rows >= 1 && informative >= 1 && mixtures >= 0 && noise >= 0,
                "SyntheticTable",
                "rows and informative must be at least 1, mixtures and noise at least 0",
                rows + ", " + informative + ", " + mixtures + ", " + noise,
                "");
        // a scrambled seed, or RandomSelection with the same seed would select the informative columns
        Random random = new Random(RandomStreams.of(seed, 0).nextLong());
        int d = informative + mixtures + noise;
        int[] places = Shuffle.permutation(d, random);
        double[][] w = new double[mixtures][];
        Arrays.setAll(w, m -> direction(informative, random));
        double[][] v = new double[CLASSES][];
        Arrays.setAll(v, c -> direction(informative, random));
        float[][] values = new float[rows][d];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            double[] z = new double[informative];
            Arrays.setAll(z, a -> random.nextGaussian());
            for (int j = 0; j < d; j++) {
                double value;
                if (j < informative) {
                    value = z[j];
                } else {
                    boolean mixture = j < informative + mixtures;
                    value = 0.5 * ((mixture ? dot(w[j - informative], z) : 0) + random.nextGaussian());
                }
                values[i][places[j]] = (float) value;
            }
            for (int c = 1; c < CLASSES; c++) {
                labels[i] = dot(v[c], z) > dot(v[labels[i]], z) ? c : labels[i];
            }
        }
        List<String> names = new ArrayList<>();
        for (int j = 0; j < d; j++) {
            names.add(String.format(Locale.ROOT, "c%02d", j));
        }
        int[] columns = Arrays.stream(places, 0, informative).sorted().toArray();
        return new SyntheticTable(List.copyOf(names), values, labels, columns);
    }

    private static double[] direction(int n, Random random) {
        double[] w = new double[n];
        Arrays.setAll(w, a -> random.nextGaussian());
        double norm = Math.sqrt(dot(w, w));
        Arrays.setAll(w, a -> w[a] / norm);
        return w;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    /**
     * Returns the names of the columns.
     *
     * @return c00, c01, …
     */
    public List<String> names() {
        return names;
    }

    /**
     * Returns the table without its classes.
     *
     * @return float32, {@code [rows, columns]}, a new array
     */
    public INDArray features() {
        return Nd4j.createFromArray(values);
    }

    /**
     * Returns the informative columns.
     *
     * @return their indices, ascending; a new array
     */
    public int[] informativeColumns() {
        return informative.clone();
    }

    /**
     * Writes the table as CSV, with the classes A, B and C as the last column, {@code class}. The file is replaced only
     * when the new one is complete.
     *
     * @param file the file; missing directories are created, an existing file is replaced
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        StringBuilder csv = new StringBuilder(String.join(",", names)).append(",class\n");
        for (int i = 0; i < values.length; i++) {
            for (float value : values[i]) {
                csv.append(value).append(',');
            }
            csv.append((char) ('A' + labels[i])).append('\n');
        }
        return AtomicFile.write(file, part -> Files.writeString(part, csv));
    }
}
