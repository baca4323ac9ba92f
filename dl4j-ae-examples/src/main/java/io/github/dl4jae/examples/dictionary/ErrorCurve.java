package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.dictionary.DictionaryReport;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

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

    /** The mean of a kind over trainings, at each sparsity. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Mean(double[] counts, double[] errors, double[] deviations) {}

    /** Returns the means, and the standard deviations of the errors: 0 for a single training. */
    static Mean mean(List<ErrorCurve> trainings) {
        return new Mean(
                overTrainings(trainings, ErrorCurve::counts, StatUtils::mean),
                overTrainings(trainings, ErrorCurve::errors, StatUtils::mean),
                overTrainings(trainings, ErrorCurve::errors, new StandardDeviation()::evaluate));
    }

    private static double[] overTrainings(
            List<ErrorCurve> trainings, Function<ErrorCurve, double[]> figures, ToDoubleFunction<double[]> statistic) {
        return IntStream.range(0, trainings.get(0).counts.length)
                .mapToDouble(i -> statistic.applyAsDouble(trainings.stream()
                        .mapToDouble(training -> figures.apply(training)[i])
                        .toArray()))
                .toArray();
    }
}
