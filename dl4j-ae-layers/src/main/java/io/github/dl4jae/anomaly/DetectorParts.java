package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a detector consists of.
 *
 * @param score that decides, of prepared examples
 * @param preparation of the features of a table; null for examples that are not prepared
 * @param heldOut its distribution on normal examples
 * @param threshold on the score
 * @param prevalence the expected share of anomalies
 * @param models the networks of the score; the first has the schema of a table
 * @param reference the distributions of the columns; null without a table
 */
record DetectorParts(
        AnomalyScore score,
        @Nullable TablePreparation preparation,
        ScoreDistribution heldOut,
        AnomalyThreshold threshold,
        double prevalence,
        List<ModelBundle> models,
        @Nullable PopulationStability reference) {

    private static final String NAME = AnomalyDetector.NAME;
    private static final int IMPUTATION_ROUNDS = 5;

    TableSchema requireSchema() {
        TableSchema schema = models.isEmpty() ? null : models.get(0).schema();
        if (schema == null) {
            throw new IllegalStateException(
                    NAME + ": schema and rows need a detector of a table, got one of arrays; pass arrays");
        }
        return schema;
    }

    PopulationStability requireReference() {
        requireSchema();
        return Require.given(NAME, "the distribution of the training rows", reference, "fit the detector to a table");
    }

    double probability(double score) {
        double p = heldOut.tail(score);
        if (p >= 1 / Math.E) {
            return prevalence;
        }
        double bound = p == 0 ? 0 : -Math.E * p * Math.log(p);
        return prevalence / (prevalence + (1 - prevalence) * bound);
    }

    /** Returns examples as the score needs them. */
    INDArray prepare(INDArray examples) {
        ExampleBlocks.require(NAME, examples);
        return preparation == null ? examples : preparation.prepare(examples);
    }

    /** Returns the features of rows as the score needs them, with reconstructions in place of missing values. */
    INDArray prepare(FeatureTable rows) {
        TableSchema schema = requireSchema();
        Require.given(NAME, "rows", rows, "read them with the schema of the detector");
        Require.that(
                rows.schema().hasColumnsOf(schema),
                NAME,
                "rows must have the columns, scales and categories of the detector's schema",
                rows.schema() + " instead of " + schema,
                "read them with schema().read(file)");
        INDArray present = rows.present().orElse(null);
        INDArray prepared = prepare(rows.features());
        return present == null ? prepared : impute(models.get(0).autoencoder(), prepared, present);
    }

    static INDArray impute(Autoencoder autoencoder, INDArray prepared, INDArray present) {
        INDArray complete = prepared;
        INDArray absent = present.rsub(1);
        for (int round = 0; round < IMPUTATION_ROUNDS; round++) {
            INDArray expected = reconstruct(autoencoder, complete);
            complete = prepared.mul(present).addi(expected.muli(absent));
        }
        return complete;
    }

    private static INDArray reconstruct(Autoencoder autoencoder, INDArray examples) {
        int d = ExampleBlocks.values(examples);
        float[] values = new float[Math.toIntExact(examples.length())];
        ExampleBlocks.forEach(examples, (block, from, count) -> {
            float[] some = autoencoder.reconstruct(block).dup('c').data().asFloat();
            System.arraycopy(some, 0, values, from * d, count * d);
        });
        return Nd4j.createFromArray(values).reshape('c', examples.shape());
    }

    List<Explanation> explain(FeatureTable rows) {
        TableSchema schema = requireSchema();
        INDArray x = prepare(rows);
        double[] scores = score.score(x);
        float[] parts = score.attribution(x).dup('c').data().asFloat();
        List<List<String>> found = rows.decode();
        INDArray conditional = expectations(x);
        List<List<String>> expected =
                schema.decode(preparation == null ? conditional : preparation.revert(conditional));
        TableValues values = TableValues.of(rows);
        List<Explanation> explanations = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            double[] shares = shares(schema, parts, i);
            List<Explanation.ColumnShare> columns = new ArrayList<>();
            for (int c = 0; c < shares.length; c++) {
                columns.add(new Explanation.ColumnShare(
                        schema.columnNames().get(c),
                        shares[c],
                        isMissing(schema, values, i, c) ? "" : found.get(i).get(c),
                        expected.get(i).get(c)));
            }
            columns.sort(
                    Comparator.comparingDouble(Explanation.ColumnShare::share).reversed());
            explanations.add(new Explanation(scores[i], threshold.value(), heldOut.tail(scores[i]), columns));
        }
        return explanations;
    }

    /** Returns what the autoencoder expects of each column if only the others are known, {@code [N, d]}. */
    private INDArray expectations(INDArray x) {
        Autoencoder autoencoder = models.get(0).autoencoder();
        int[] owners = requireSchema().columnOfFeature();
        int columns = requireSchema().columnNames().size();
        float[] expected = new float[Math.toIntExact(x.length())];
        for (int i = 0; i < x.size(0); i++) {
            float[] row = x.getRow(i).dup('c').data().asFloat();
            float[][] hidden = new float[columns][];
            float[][] present = new float[columns][owners.length];
            for (int c = 0; c < columns; c++) {
                hidden[c] = row.clone();
                for (int j = 0; j < owners.length; j++) {
                    present[c][j] = owners[j] == c ? 0 : 1;
                    hidden[c][j] *= present[c][j];
                }
            }
            float[] imputed = impute(autoencoder, Nd4j.createFromArray(hidden), Nd4j.createFromArray(present))
                    .dup('c')
                    .data()
                    .asFloat();
            for (int j = 0; j < owners.length; j++) {
                expected[i * owners.length + j] = imputed[owners[j] * owners.length + j];
            }
        }
        return Nd4j.createFromArray(expected).reshape('c', x.shape());
    }

    private static boolean isMissing(TableSchema schema, TableValues values, int row, int column) {
        int[] owners = schema.columnOfFeature();
        for (int j = 0; j < owners.length; j++) {
            if (owners[j] == column) {
                return values.isMissing(row, j);
            }
        }
        return false;
    }

    /** Returns the share of each column in the positive parts of a row. */
    private static double[] shares(TableSchema schema, float[] parts, int row) {
        int[] owners = schema.columnOfFeature();
        double[] shares = new double[schema.columnNames().size()];
        double sum = 0;
        for (int j = 0; j < owners.length; j++) {
            double part = Math.max(0, parts[row * owners.length + j]);
            double finite = Double.isFinite(part) ? part : Float.MAX_VALUE;
            shares[owners[j]] += finite;
            sum += finite;
        }
        for (int c = 0; c < shares.length && sum > 0; c++) {
            shares[c] /= sum;
        }
        return shares;
    }
}
