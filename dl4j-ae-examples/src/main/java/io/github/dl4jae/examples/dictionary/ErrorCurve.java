package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.dictionary.DictionaryReport;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The error of a kind of dictionary at several sparsities.
 *
 * @param counts mean numbers of active features, ascending
 * @param errors unexplained shares of the variance
 * @param alive the mean share of features that fire
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ErrorCurve(double[] counts, double[] errors, double alive) {

    static ErrorCurve of(List<DictionaryReport> reports) {
        List<DictionaryReport> sorted = reports.stream()
                .sorted(Comparator.comparingDouble(DictionaryReport::l0))
                .toList();
        return new ErrorCurve(
                sorted.stream().mapToDouble(DictionaryReport::l0).toArray(),
                sorted.stream()
                        .mapToDouble(report -> 1 - report.explainedVariance())
                        .toArray(),
                sorted.stream().mapToDouble(DictionaryReport::alive).average().orElseThrow());
    }

    /** Interpolates between neighbors, linearly in logarithms; NaN outside. */
    double at(double count) {
        for (int i = 1; i < counts.length; i++) {
            if (counts[i - 1] <= count && count <= counts[i]) {
                double share = Math.log(count / counts[i - 1]) / Math.log(counts[i] / counts[i - 1]);
                return Math.exp((1 - share) * Math.log(errors[i - 1]) + share * Math.log(errors[i]));
            }
        }
        return Double.NaN;
    }

    /** Returns the mean over trainings at each sparsity. */
    static double[] means(List<ErrorCurve> trainings, Function<ErrorCurve, double[]> figures) {
        return overTrainings(trainings, figures, ErrorCurve::mean);
    }

    /** Returns the standard deviation of the error over trainings at each sparsity. */
    static double[] deviations(List<ErrorCurve> trainings) {
        return overTrainings(trainings, ErrorCurve::errors, ErrorCurve::deviation);
    }

    private static double[] overTrainings(
            List<ErrorCurve> trainings, Function<ErrorCurve, double[]> figures, ToDoubleFunction<double[]> statistic) {
        return IntStream.range(0, trainings.get(0).counts.length)
                .mapToDouble(i -> statistic.applyAsDouble(trainings.stream()
                        .mapToDouble(training -> figures.apply(training)[i])
                        .toArray()))
                .toArray();
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Returns the standard deviation of a sample; 0 for a single value. */
    static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / Math.max(1, values.length - 1));
    }
}
