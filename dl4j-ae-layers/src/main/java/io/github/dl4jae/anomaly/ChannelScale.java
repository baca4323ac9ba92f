package io.github.dl4jae.anomaly;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scales of the residuals of held-out steps, and the score of a step relative to them. */
final class ChannelScale {

    private final SeriesScore.Combination combination;
    private final double[] meanSquares;
    private final double[] center;
    private final @Nullable ShrunkPrecision precision;

    private ChannelScale(
            SeriesScore.Combination combination,
            double[] meanSquares,
            double[] center,
            @Nullable ShrunkPrecision precision) {
        this.combination = combination;
        this.meanSquares = meanSquares;
        this.center = center;
        this.precision = precision;
    }

    /**
     * Fits the scales.
     *
     * @param squares the mean of r² per held-out step and channel
     * @param means the mean of r per held-out step and channel
     */
    static ChannelScale fit(SeriesScore.Combination combination, List<double[]> squares, List<double[]> means) {
        double[] meanSquares = mean(squares);
        // a channel that is always reconstructed exactly: any residual is unusual, but no score is infinite
        Arrays.setAll(meanSquares, c -> Math.max(meanSquares[c], 1e-12));
        double[] center = mean(means);
        if (combination != SeriesScore.Combination.MAHALANOBIS) {
            return new ChannelScale(combination, meanSquares, center, null);
        }
        double[][] rows =
                means.stream().map(row -> scaled(row, center, meanSquares)).toArray(double[][]::new);
        return new ChannelScale(combination, meanSquares, center, ShrunkPrecision.of("SeriesScore", rows));
    }

    private static double[] mean(List<double[]> rows) {
        double[] mean = new double[rows.get(0).length];
        for (double[] row : rows) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += row[c] / rows.size();
            }
        }
        return mean;
    }

    private static double[] scaled(double[] row, double[] center, double[] meanSquares) {
        double[] scaled = new double[row.length];
        Arrays.setAll(scaled, c -> (row[c] - center[c]) / Math.sqrt(meanSquares[c]));
        return scaled;
    }

    /** Returns the squares relative to held-out ones, 1 on average. */
    double[] relative(double[] squares) {
        double[] relative = new double[squares.length];
        Arrays.setAll(relative, c -> finite(squares[c] / meanSquares[c]));
        return relative;
    }

    /** Returns the score of a step. */
    double score(double[] squares, double[] means) {
        return switch (combination) {
            case MEAN -> Arrays.stream(relative(squares)).average().orElseThrow();
            case MAXIMUM -> Arrays.stream(relative(squares)).max().orElseThrow();
            case MAHALANOBIS ->
                precision == null ? Double.NaN : finite(precision.meanSquare(scaled(means, center, meanSquares)));
        };
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
    }
}
