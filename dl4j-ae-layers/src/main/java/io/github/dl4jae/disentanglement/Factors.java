package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The true factors of examples: what varies among them, known because the examples were generated.
 *
 * <pre>{@code
 * Factors factors = Factors.of(sprites.factors(), Sprites.FACTORS, "shape");
 * }</pre>
 */
public final class Factors {

    private final int[][] values;
    private final List<String> names;
    private final Set<String> categorical;

    private Factors(int[][] values, List<String> names, Set<String> categorical) {
        this.values = values;
        this.names = names;
        this.categorical = categorical;
    }

    /**
     * Factors of examples.
     *
     * @param values {@code [N][K]}, the index of each factor's value; of those that are not categorical, in the order of the quantity
     * @param names K names
     * @param categorical the names of those whose values have no order
     * @return the factors
     * @throws IllegalArgumentException if the shapes do not fit, a name is unknown, or a factor never changes
     */
    public static Factors of(int[][] values, List<String> names, String... categorical) {
        if (values.length == 0 || Arrays.stream(values).anyMatch(row -> row.length != names.size())) {
            throw new IllegalArgumentException(
                    "Factors: every example must have a value for each of " + names + ", got "
                            + values.length + " examples with "
                            + Arrays.stream(values)
                                    .mapToInt(row -> row.length)
                                    .distinct()
                                    .boxed()
                                    .toList()
                            + " values; name all factors");
        }
        if (!names.containsAll(List.of(categorical))) {
            throw new IllegalArgumentException("Factors: categorical factors must be among " + names + ", got "
                    + Arrays.toString(categorical) + "; use their names");
        }
        int[][] copy = Arrays.stream(values).map(int[]::clone).toArray(int[][]::new);
        Factors factors = new Factors(copy, List.copyOf(names), Set.of(categorical));
        for (int k = 0; k < names.size(); k++) {
            if (factors.distinct(k).length < 2) {
                throw new IllegalArgumentException("Factors: a factor must have at least 2 values, got one of '"
                        + names.get(k) + "'; leave it out");
            }
        }
        return factors;
    }

    /** N. */
    int examples() {
        return values.length;
    }

    /** K. */
    int count() {
        return names.size();
    }

    String name(int factor) {
        return names.get(factor);
    }

    boolean isCategorical(int factor) {
        return categorical.contains(names.get(factor));
    }

    /** The value of one factor of all examples. */
    int[] column(int factor) {
        return Arrays.stream(values).mapToInt(row -> row[factor]).toArray();
    }

    /** The values that a factor takes, in ascending order. */
    int[] distinct(int factor) {
        TreeSet<Integer> found = new TreeSet<>();
        for (int[] row : values) {
            found.add(row[factor]);
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The codes as {@code [N][n]}. */
    double[][] requireCodes(String score, INDArray codes) {
        if (codes.rank() != 2 || codes.size(0) != values.length) {
            throw new IllegalArgumentException(score + ": there must be a code [N, n] for each of " + values.length
                    + " examples, got shape " + Arrays.toString(codes.shape())
                    + "; encode the examples that the factors belong to, in their order");
        }
        double[][] rows = codes.toDoubleMatrix();
        for (double[] row : rows) {
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException(
                            score + ": codes must be finite, got " + value + "; is the network trained?");
                }
            }
        }
        return rows;
    }

    static double[] column(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }
}
