package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.VariationalModel;
import java.util.List;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Writes a score as a JSON object that refers to arrays by their index. */
final class ScoreWriter {

    private final ObjectNode node;
    private final List<double[]> arrays;
    private final List<ModelBundle> models;

    /**
     * Creates a writer.
     *
     * @param node receives the properties
     * @param arrays receives the arrays
     * @param models the bundles of all networks
     */
    ScoreWriter(ObjectNode node, List<double[]> arrays, List<ModelBundle> models) {
        this.node = node;
        this.arrays = arrays;
        this.models = models;
    }

    void kind(String kind) {
        node.put("kind", kind);
    }

    void model(Autoencoder autoencoder) {
        model(
                bundle -> autoencoder instanceof VariationalModel
                        ? autoencoder.equals(bundle.variationalModel())
                        : autoencoder.equals(bundle.autoencoder()),
                autoencoder);
    }

    void network(Model network) {
        model(bundle -> bundle.network() == network, network);
    }

    private void model(Predicate<ModelBundle> isOne, Object found) {
        for (int i = 0; i < models.size(); i++) {
            if (isOne.test(models.get(i))) {
                node.put("model", i);
                return;
            }
        }
        throw new IllegalArgumentException("AnomalyDetector: saving needs the networks of the score, got "
                + models.size() + " others than that of " + found + "; pass their bundles to Builder.calibrate");
    }

    void integer(String name, long value) {
        node.put(name, value);
    }

    void flag(String name, boolean value) {
        node.put(name, value);
    }

    void number(String name, double value) {
        node.put(name, value);
    }

    void array(String name, double[] values) {
        node.put(name, arrays.size());
        arrays.add(values);
    }

    void matrix(String name, double[][] rows) {
        int width = rows[0].length;
        double[] values = new double[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * width, width);
        }
        array(name, values);
        node.put(name + "Width", width);
    }

    void scale(ResidualScale scale) {
        array("means", scale.means());
        array("deviations", scale.deviations());
    }

    void scores(String name, List<AnomalyScore> scores) {
        ArrayNode list = node.putArray(name);
        scores.forEach(score -> store(score, new ScoreWriter(list.addObject(), arrays, models)));
    }

    void members(String name, List<Autoencoder> autoencoders, List<NeighborDistances> neighbors) {
        ArrayNode list = node.putArray(name);
        for (int m = 0; m < autoencoders.size(); m++) {
            ScoreWriter member = new ScoreWriter(list.addObject(), arrays, models);
            member.model(autoencoders.get(m));
            neighbors.get(m).store(member);
        }
    }

    /** Writes a score of this library. */
    static void store(AnomalyScore score, ScoreWriter out) {
        if (score instanceof StoredScore stored) {
            stored.store(out);
            return;
        }
        Require.that(
                false,
                "AnomalyDetector",
                "scores must be of this library to be saved",
                score.getClass().getName(),
                "save the networks with ModelBundle, and fit the score again after loading");
    }
}
