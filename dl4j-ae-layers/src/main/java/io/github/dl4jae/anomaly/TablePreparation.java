package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features as the autoencoders of a table get them: standardized, without extremes, each column of the same weight.
 *
 * <pre>
 * z = (x − m)/s                                       m, s: mean and deviation of the feature
 * b = z                        for |z| ≤ 5
 * b = sign(z)·(5 + ln(|z| − 4))  beyond, so that extremes stay ordered and no row decides alone
 * y = (b − m′)/s′ · 1/√w                              m′, s′ of b; w the number of features of the column
 * </pre>
 *
 * <p>A feature that is constant among the fitted rows gets z = ±5 where it differs.
 *
 * @param means m
 * @param deviations s; 0 for a constant
 * @param bentMeans m′
 * @param bentDeviations s′·√w
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TablePreparation(double[] means, double[] deviations, double[] bentMeans, double[] bentDeviations) {

    private static final double BEND = 5;
    /** A relative difference below it is rounding. */
    private static final double ROUNDING = 1e-6;

    static TablePreparation fit(FeatureTable rows) {
        TableValues values = TableValues.of(rows);
        int d = values.width();
        int[] owners = rows.schema().columnOfFeature();
        double[] means = new double[d];
        double[] deviations = new double[d];
        double[] bentMeans = new double[d];
        double[] bentDeviations = new double[d];
        for (int j = 0; j < d; j++) {
            double[] known = known(values, j);
            means[j] = mean(known);
            double deviation = deviation(known, means[j]);
            deviations[j] = deviation > ROUNDING * Math.max(1, Math.abs(means[j])) ? deviation : 0;
            double mean = means[j];
            double scale = deviations[j];
            double[] bent = Arrays.stream(known).map(x -> bend(x, mean, scale)).toArray();
            bentMeans[j] = mean(bent);
            double bentDeviation = deviation(bent, bentMeans[j]);
            int owner = owners[j];
            double width = Arrays.stream(owners).filter(each -> each == owner).count();
            bentDeviations[j] = (bentDeviation == 0 ? 1 : bentDeviation) * Math.sqrt(width);
        }
        return new TablePreparation(means, deviations, bentMeans, bentDeviations);
    }

    private static double[] known(TableValues values, int feature) {
        return IntStream.range(0, values.rows())
                .filter(row -> !values.isMissing(row, feature))
                .mapToDouble(row -> values.get(row, feature))
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double deviation(double[] values, double mean) {
        return Math.sqrt(Arrays.stream(values)
                .map(each -> (each - mean) * (each - mean))
                .average()
                .orElse(0));
    }

    private static double bend(double x, double mean, double deviation) {
        double difference = x - mean;
        if (deviation == 0) {
            return Math.abs(difference) > ROUNDING * Math.max(1, Math.abs(mean)) ? Math.signum(difference) * BEND : 0;
        }
        double z = difference / deviation;
        double size = Math.abs(z);
        return size <= BEND ? z : Math.signum(z) * (BEND + Math.log(size - BEND + 1));
    }

    private static double unbend(double b, double mean, double deviation) {
        double size = Math.abs(b);
        double z = size <= BEND ? b : Math.signum(b) * (BEND - 1 + Math.exp(size - BEND));
        return mean + z * deviation;
    }

    /** Returns y, {@code [N, d]}, a new array. */
    INDArray prepare(INDArray features) {
        return map(features, (x, j) -> (bend(x, means[j], deviations[j]) - bentMeans[j]) / bentDeviations[j]);
    }

    /** Returns x, {@code [N, d]}, a new array. */
    INDArray revert(INDArray prepared) {
        return map(prepared, (y, j) -> unbend(y * bentDeviations[j] + bentMeans[j], means[j], deviations[j]));
    }

    /** A function of a value and the index of its feature. */
    @FunctionalInterface
    private interface FeatureFunction {
        double apply(double value, int feature);
    }

    private INDArray map(INDArray features, FeatureFunction function) {
        int d = means.length;
        Require.that(
                features.rank() == 2 && features.size(1) == d && !features.isEmpty(),
                AnomalyDetector.NAME,
                "examples must be [N, " + d + "]",
                Arrays.toString(features.shape()),
                "encode rows with the schema of the detector");
        float[] values = features.castTo(DataType.FLOAT).dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.apply(values[i], i % d);
        }
        return Nd4j.createFromArray(values).reshape('c', features.shape());
    }

    void store(ScoreWriter out) {
        out.array("means", means);
        out.array("deviations", deviations);
        out.array("bentMeans", bentMeans);
        out.array("bentDeviations", bentDeviations);
    }

    static TablePreparation read(ScoreReader in, int features) {
        double[][] all = {in.array("means"), in.array("deviations"), in.array("bentMeans"), in.array("bentDeviations")};
        boolean fit = Arrays.stream(all).allMatch(each -> each.length == features)
                && Arrays.stream(all[1]).allMatch(each -> each >= 0)
                && Arrays.stream(all[3]).allMatch(each -> each > 0);
        Require.that(
                fit,
                AnomalyDetector.NAME,
                "the file must have means and positive deviations for " + features + " features",
                "others",
                "the file is damaged");
        return new TablePreparation(all[0], all[1], all[2], all[3]);
    }
}
