package io.github.dl4jae.disentanglement;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The true generative factors of examples, such as shape and position. Instances are immutable.
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
     * Returns the factors of examples.
     *
     * @param values {@code [N][K]}, the index of each factor's value; ordered like the quantity, unless the factor is
     *     categorical; copied
     * @param names the K names; copied
     * @param categorical the names of the factors whose values have no order
     * @return the factors
     * @throws IllegalArgumentException if an argument is null, the shapes do not match, a name is unknown, or a factor
     *     is constant
     */
    public static Factors of(int[][] values, List<String> names, String... categorical) {
        Require.given("Factors", "values", values, "");
        Require.given("Factors", "names", names, "");
        Require.that(
                values.length > 0 && Arrays.stream(values).allMatch(row -> row.length == names.size()),
                "Factors",
                "every example must have a value for each of " + names,
                values.length + " examples with " + lengths(values) + " values",
                "name every factor");
        Require.that(
                names.containsAll(Arrays.asList(categorical)),
                "Factors",
                "categorical factors must be among " + names,
                Arrays.toString(categorical),
                "");
        int[][] copy = Arrays.stream(values).map(int[]::clone).toArray(int[][]::new);
        Factors factors = new Factors(copy, List.copyOf(names), Set.of(categorical));
        for (int k = 0; k < names.size(); k++) {
            Require.that(
                    factors.distinct(k).length >= 2,
                    "Factors",
                    "a factor must have at least 2 values",
                    "one of '" + names.get(k) + "'",
                    "leave it out");
        }
        return factors;
    }

    private static List<Integer> lengths(int[][] values) {
        return Arrays.stream(values)
                .mapToInt(row -> row.length)
                .distinct()
                .boxed()
                .toList();
    }

    /** Returns K. */
    int count() {
        return names.size();
    }

    boolean isCategorical(int factor) {
        return categorical.contains(names.get(factor));
    }

    /** Returns the values of one factor, one per example, a new array. */
    int[] column(int factor) {
        return Arrays.stream(values).mapToInt(row -> row[factor]).toArray();
    }

    /** Returns the distinct values of a factor, ascending, a new array. */
    int[] distinct(int factor) {
        TreeSet<Integer> found = new TreeSet<>();
        for (int[] row : values) {
            found.add(row[factor]);
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Checks that codes are finite and match the examples, and returns them as {@code [N][n]}, in new arrays. */
    double[][] requireCodes(String score, INDArray codes) {
        Require.that(
                codes.rank() == 2 && codes.size(0) == values.length,
                score,
                "there must be a code [N, n] for each of " + values.length + " examples",
                "shape " + Arrays.toString(codes.shape()),
                "encode the examples of the factors, in the same order");
        double[][] rows = codes.toDoubleMatrix();
        double bad = Arrays.stream(rows)
                .flatMapToDouble(Arrays::stream)
                .filter(value -> !Double.isFinite(value))
                .findFirst()
                .orElse(0);
        Require.finite(score, "codes", bad, "check the network's parameters");
        return rows;
    }
}
