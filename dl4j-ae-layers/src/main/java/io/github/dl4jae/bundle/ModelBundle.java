package io.github.dl4jae.bundle;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.variational.VariationalModel;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network with everything that its use needs, and the file that holds them.
 *
 * <pre>{@code
 * new ModelBundle.Builder(network)
 *         .schema(table.schema())
 *         .codeLayer("code")
 *         .threshold("squared error per row", 3.2)
 *         .metric("validation error", 0.61)
 *         .build()
 *         .save(Path.of("model.zip"));
 *
 * ModelBundle bundle = ModelBundle.load(Path.of("model.zip"));
 * INDArray codes = bundle.autoencoder().encode(bundle.schema().read(newer).features());
 * }</pre>
 *
 * <p>A restored network computes the same outputs bit for bit, and continues training with the same updater state,
 * counts and schedules. The state of recurrent layers between calls of {@code rnnTimeStep} is not stored.
 *
 * <p>{@link #save} replaces an existing file atomically. {@link #load} treats the file as hostile: it checks the
 * structure of the ZIP file, names, sizes and SHA-256 digests before it interprets anything, and the class names of the
 * configuration before Jackson sees it. It never uses Java serialization. A digest detects damage. It does not tell who
 * wrote the file.
 *
 * <p>The bundle holds the network itself, not a copy: {@code save} writes its parameters at that time.
 */
public final class ModelBundle {

    private static final String SUBJECT = "ModelBundle";

    private final Model network;
    private final BundleDetails details;
    private final @Nullable TableSchema schema;
    private final @Nullable DataNormalization normalizer;
    private final Attachments attachments;
    private final String libraryVersion;

    ModelBundle(
            Model network,
            BundleDetails details,
            @Nullable TableSchema schema,
            @Nullable DataNormalization normalizer,
            Attachments attachments,
            String libraryVersion) {
        this.network = network;
        this.details = details;
        this.schema = schema;
        this.normalizer = normalizer;
        this.attachments = attachments;
        this.libraryVersion = libraryVersion;
        Require.that(
                schema == null || normalizer == null,
                SUBJECT,
                "must have a schema or a normalizer",
                "both",
                "a schema standardizes by itself");
        Require.that(
                schema == null || schema.names().equals(details.featureNames()),
                SUBJECT,
                "featureNames must be those of the schema",
                details.featureNames().size() + " others",
                "leave them out");
        if (imageShape() != null) {
            requireImages(imageShape());
        }
        if (hasCode()) {
            autoencoder();
        } else {
            Require.that(details.output() == null, SUBJECT, "output needs a code layer", "none", "set codeLayer");
        }
    }

    private void requireImages(ImageShape shape) {
        Require.that(schema == null, SUBJECT, "must have a schema or an imageShape", "both", "a table has no images");
        if (network instanceof MultiLayerNetwork layers) {
            shape.requireInputOf(SUBJECT, layers);
        }
    }

    private boolean hasCode() {
        return details.codeLayer() != null || details.codeIndex() != null;
    }

    /**
     * Reads a bundle with the default {@link LoadOptions}.
     *
     * @param file a result of {@link #save}
     * @return the bundle
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws UncheckedIOException if it cannot be read
     */
    public static ModelBundle load(Path file) {
        return load(file, LoadOptions.defaults());
    }

    /**
     * Reads a bundle.
     *
     * @param file a result of {@link #save}
     * @param options limits, and further classes that the configuration can name
     * @return the bundle
     * @throws IllegalArgumentException if the file is refused: it is damaged, its format is unknown, it is larger than
     *     the limits, or its configuration names a class that is not allowed
     * @throws UncheckedIOException if it cannot be read
     */
    public static ModelBundle load(Path file, LoadOptions options) {
        return BundleReader.bundle(file, options);
    }

    /**
     * Reads a file of Deeplearning4j's {@code ModelSerializer} with the default {@link LoadOptions}.
     *
     * @param file a result of {@code ModelSerializer.writeModel}
     * @return a bundle of the network alone
     * @throws IllegalArgumentException as for {@link #importModel(Path, LoadOptions)}
     * @throws UncheckedIOException if it cannot be read
     */
    public static ModelBundle importModel(Path file) {
        return importModel(file, LoadOptions.defaults());
    }

    /**
     * Reads a file of Deeplearning4j's {@code ModelSerializer}. Such a file has no digests; all other checks are those
     * of {@link #load(Path, LoadOptions)}.
     *
     * <p>A file with another entry than the network's is refused. {@code preprocessor.bin} can execute code, and {@code
     * normalizer.bin} can name any class. {@link LoadOptions.Builder#ignoreEntries} leaves them unread; the model then
     * needs the normalizer from elsewhere.
     *
     * @param file a result of {@code ModelSerializer.writeModel}, of 1.0.0-beta7 or newer
     * @param options limits, further classes, and entries to leave unread
     * @return a bundle of the network alone
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws UncheckedIOException if it cannot be read
     */
    public static ModelBundle importModel(Path file, LoadOptions options) {
        return BundleReader.model(file, options);
    }

    /**
     * Writes the bundle. An existing file is replaced once the new one is complete; if writing fails, it stays as it
     * is.
     *
     * @param file the file to write; missing directories are created
     * @return the file
     * @throws IllegalArgumentException if a parameter is NaN or infinite, or the model is larger than 3.75 GiB
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        return BundleWriter.write(this, Require.given(SUBJECT, "file", file, ""));
    }

    /**
     * Returns a builder with the parts of this bundle, to add or replace some.
     *
     * @return a new builder with the same network
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Returns the network.
     *
     * @return a {@code MultiLayerNetwork} or a {@code ComputationGraph}; not a copy
     */
    public Model network() {
        return network;
    }

    /**
     * Returns the network of layers.
     *
     * @return the network; not a copy
     * @throws IllegalArgumentException if it is a {@code ComputationGraph}
     */
    public MultiLayerNetwork multiLayerNetwork() {
        if (network instanceof MultiLayerNetwork layers) {
            return layers;
        }
        throw new IllegalArgumentException(
                SUBJECT + ": network must be a MultiLayerNetwork, got a ComputationGraph; call computationGraph()");
    }

    /**
     * Returns the graph.
     *
     * @return the graph; not a copy
     * @throws IllegalArgumentException if it is a {@code MultiLayerNetwork}
     */
    public ComputationGraph computationGraph() {
        if (network instanceof ComputationGraph graph) {
            return graph;
        }
        throw new IllegalArgumentException(
                SUBJECT + ": network must be a ComputationGraph, got a MultiLayerNetwork; call multiLayerNetwork()");
    }

    /**
     * Returns the autoencoder in the network.
     *
     * @return the encoder up to the code layer, and the decoder after it
     * @throws IllegalArgumentException if the bundle has no code layer
     */
    public Autoencoder autoencoder() {
        String name = details.codeLayer();
        Integer index = details.codeIndex();
        String output = details.output();
        Require.that(hasCode(), SUBJECT, "codeLayer must be given", "none", "name it with Builder.codeLayer");
        Require.that(
                output == null || (name != null && network instanceof ComputationGraph),
                SUBJECT,
                "output needs a ComputationGraph with a named code layer",
                output,
                "leave it out");
        if (network instanceof ComputationGraph graph) {
            return name == null
                    ? Autoencoders.of(graph, index == null ? -1 : index)
                    : output == null ? Autoencoders.of(graph, name) : Autoencoders.of(graph, name, output);
        }
        return name == null
                ? Autoencoders.of(multiLayerNetwork(), index == null ? -1 : index)
                : Autoencoders.of(multiLayerNetwork(), name);
    }

    /**
     * Returns the variational autoencoder in the network.
     *
     * @return encoder, prior and decoder around the code layer
     * @throws IllegalArgumentException if the bundle has no code layer with a name, or that is no layer of Gaussian
     *     latents
     */
    public VariationalModel variationalModel() {
        String name = Require.given(SUBJECT, "codeLayer", details.codeLayer(), "name it with Builder.codeLayer");
        String output = details.output();
        if (network instanceof ComputationGraph graph) {
            return output == null ? VariationalModel.of(graph, name) : VariationalModel.of(graph, name, output);
        }
        return VariationalModel.of(multiLayerNetwork(), name);
    }

    /**
     * Returns a bundle whose network has the same configuration and other parameters, such as another member of an
     * ensemble.
     *
     * @param parameters one number per parameter of the network, as {@code network().params()} has them
     * @return a bundle with a new network, without updater state
     * @throws IllegalArgumentException if their number differs
     */
    public ModelBundle withParameters(double[] parameters) {
        Require.given(SUBJECT, "parameters", parameters, "");
        Require.that(
                parameters.length == network.numParams(),
                SUBJECT,
                "parameters must be " + network.numParams() + " numbers",
                parameters.length,
                "");
        INDArray row = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
        Model other = NetworkData.copy(network, row.castTo(network.params().dataType()));
        return new ModelBundle(other, details, schema, normalizer, attachments, libraryVersion);
    }

    /**
     * Returns the model of a table, which encodes, reconstructs and scores its rows.
     *
     * @return the autoencoder with its schema
     * @throws IllegalArgumentException if the bundle has no schema or no code layer
     */
    public TableModel tableModel() {
        return TableModel.of(this);
    }

    /**
     * Returns the schema of the table on which the network was trained.
     *
     * @return the schema, or null if there is none
     */
    public @Nullable TableSchema schema() {
        return schema;
    }

    /**
     * Returns the normalizer of the network's inputs.
     *
     * @return the normalizer, or null if there is none; not a copy
     */
    public @Nullable DataNormalization normalizer() {
        return normalizer;
    }

    /**
     * Returns the shape of the images on which the network was trained.
     *
     * @return the shape, or null for other data
     */
    public @Nullable ImageShape imageShape() {
        return details.imageShape();
    }

    /**
     * Returns the threshold of an anomaly score.
     *
     * @return the threshold, or null if there is none
     */
    public @Nullable Threshold threshold() {
        return details.threshold();
    }

    /**
     * Returns the names of the features.
     *
     * @return one name per input of the network; empty if they are unknown
     */
    public List<String> featureNames() {
        return details.featureNames();
    }

    /**
     * Returns results that were measured when the model was trained.
     *
     * @return values by name, in the order in which they were added
     */
    public Map<String, Double> metrics() {
        return details.metrics();
    }

    /**
     * Returns the version of this library that made the bundle.
     *
     * @return a version, "development" for classes outside a JAR file, or "unknown" for an imported model
     */
    public String libraryVersion() {
        return libraryVersion;
    }

    /**
     * Returns numbers that belong to the model.
     *
     * @param name of the attachment
     * @return the numbers, a copy; null if there are none of the name
     */
    public double @Nullable [] arrayAttachment(String name) {
        double[] values = attachments.arrays().get(name);
        return values == null ? null : values.clone();
    }

    /**
     * Returns a JSON document that belongs to the model.
     *
     * @param name of the attachment
     * @return the document, or null if there is none of the name
     */
    public @Nullable String textAttachment(String name) {
        return attachments.texts().get(name);
    }

    Attachments attachments() {
        return attachments;
    }

    BundleDetails details() {
        return details;
    }

    @Override
    public String toString() {
        return SUBJECT + "(" + network.getClass().getSimpleName() + " with " + network.numParams() + " parameters"
                + (schema == null ? "" : ", " + schema)
                + (normalizer == null ? "" : ", " + normalizer.getClass().getSimpleName())
                + (details.imageShape() == null ? "" : ", images of " + details.imageShape())
                + (details.threshold() == null ? "" : ", " + details.threshold())
                + ", metrics " + details.metrics() + ")";
    }

    /** Builds {@link ModelBundle}. */
    public static final class Builder {

        private final Model network;
        private @Nullable TableSchema schema;
        private @Nullable DataNormalization normalizer;
        private @Nullable String codeLayer;
        private @Nullable Integer codeIndex;
        private @Nullable String output;
        private @Nullable ImageShape imageShape;
        private @Nullable Threshold threshold;
        private @Nullable List<String> featureNames;
        private final Map<String, Double> metrics = new LinkedHashMap<>();
        private final Map<String, double[]> arrays = new LinkedHashMap<>();
        private final Map<String, String> texts = new LinkedHashMap<>();

        /**
         * Starts with a network of layers.
         *
         * @param network an initialized network
         */
        public Builder(MultiLayerNetwork network) {
            this.network = Require.given(SUBJECT, "network", network, "");
            Require.that(network.isInitCalled(), SUBJECT, "network must be initialized", "another", "call init()");
        }

        /**
         * Starts with a graph.
         *
         * @param graph an initialized graph
         */
        public Builder(ComputationGraph graph) {
            this.network = Require.given(SUBJECT, "graph", graph, "");
            Require.that(graph.getVertices() != null, SUBJECT, "graph must be initialized", "another", "call init()");
        }

        private Builder(ModelBundle bundle) {
            this.network = bundle.network;
            this.schema = bundle.schema;
            this.normalizer = bundle.normalizer;
            this.codeLayer = bundle.details.codeLayer();
            this.codeIndex = bundle.details.codeIndex();
            this.output = bundle.details.output();
            this.imageShape = bundle.details.imageShape();
            this.threshold = bundle.details.threshold();
            this.featureNames = bundle.schema == null ? bundle.details.featureNames() : null;
            this.metrics.putAll(bundle.details.metrics());
            this.arrays.putAll(bundle.attachments.arrays());
            this.texts.putAll(bundle.attachments.texts());
        }

        /**
         * Sets the schema of the table that the network was trained on. Its features name the inputs.
         *
         * @param schema a fitted schema
         * @return this
         */
        public Builder schema(TableSchema schema) {
            this.schema = Require.given(SUBJECT, "schema", schema, "leave it out for models without a table");
            return this;
        }

        /**
         * Sets the normalizer of the inputs.
         *
         * @param normalizer a fitted {@code NormalizerStandardize}, {@code NormalizerMinMaxScaler} or {@code
         *     ImagePreProcessingScaler}
         * @return this
         * @throws IllegalArgumentException if it is of another kind or not fitted
         */
        public Builder normalizer(DataNormalization normalizer) {
            NormalizerJson.write(SUBJECT, Require.given(SUBJECT, "normalizer", normalizer, ""));
            this.normalizer = normalizer;
            return this;
        }

        /**
         * Sets the layer or vertex whose output is the code, which {@link ModelBundle#autoencoder} needs.
         *
         * @param name its name
         * @return this
         */
        public Builder codeLayer(String name) {
            this.codeLayer = Require.given(SUBJECT, "codeLayer", name, "");
            this.codeIndex = null;
            return this;
        }

        /**
         * Sets the layer whose output is the code, for layers without names.
         *
         * @param index its index, counted from 0
         * @return this
         */
        public Builder codeLayer(int index) {
            this.codeIndex = Require.atLeast(0, SUBJECT, "codeLayer", index, "");
            this.codeLayer = null;
            return this;
        }

        /**
         * Sets the output that reconstructs, for graphs with several outputs.
         *
         * @param name the name of an output vertex
         * @return this
         */
        public Builder output(String name) {
            this.output = Require.given(SUBJECT, "output", name, "leave it out for networks with one output");
            return this;
        }

        /**
         * Sets the shape of the images that the network was trained on.
         *
         * @param shape height, width and channels
         * @return this
         */
        public Builder imageShape(ImageShape shape) {
            this.imageShape = Require.given(SUBJECT, "imageShape", shape, "leave it out for other data");
            return this;
        }

        /**
         * Sets the threshold above which an example is an anomaly.
         *
         * @param score the name of the score, such as "squared error per row"
         * @param value the threshold, in the unit of the score
         * @return this
         */
        public Builder threshold(String score, double value) {
            this.threshold = new Threshold(score, value);
            return this;
        }

        /**
         * Sets the names of the features. Default: those of the schema, or none.
         *
         * @param names one per input of the network, each different
         * @return this
         */
        public Builder featureNames(List<String> names) {
            names.forEach(name -> Require.given(SUBJECT, "a feature's name", name, ""));
            int different = new LinkedHashSet<>(names).size();
            Require.that(different == names.size(), SUBJECT, "featureNames must be different", names, "");
            this.featureNames = new ArrayList<>(names);
            return this;
        }

        /**
         * Adds a result that was measured.
         *
         * @param name with the unit, such as "validation error per row"
         * @param value a finite number
         * @return this
         */
        public Builder metric(String name, double value) {
            Require.given(SUBJECT, "the metric's name", name, "");
            metrics.put(name, Require.finite(SUBJECT, "metric '" + name + "'", value, ""));
            return this;
        }

        /**
         * Adds numbers that belong to the model, or replaces those of the name.
         *
         * @param name 1 to 64 lower-case letters, digits and hyphens
         * @param values finite numbers; copied
         * @return this
         * @throws IllegalArgumentException if the name has other characters, or a number is not finite
         */
        public Builder attachment(String name, double[] values) {
            Attachments.requireName(name);
            for (double value : Require.given(SUBJECT, "attachment '" + name + "'", values, "")) {
                Require.finite(SUBJECT, "attachment '" + name + "'", value, "");
            }
            arrays.put(name, values.clone());
            return this;
        }

        /**
         * Adds a JSON document that belongs to the model, or replaces that of the name.
         *
         * @param name 1 to 64 lower-case letters, digits and hyphens
         * @param json an object
         * @return this
         * @throws IllegalArgumentException if the name has other characters, or the document is no JSON object
         */
        public Builder attachment(String name, String json) {
            String subject = SUBJECT + ": attachment '" + Attachments.requireName(name) + "'";
            byte[] bytes = Require.given(SUBJECT, "attachment '" + name + "'", json, "")
                    .getBytes(StandardCharsets.UTF_8);
            texts.put(
                    name,
                    JsonText.of(subject, bytes, LoadOptions.defaults().maxJsonBytes(), "")
                            .text());
            return this;
        }

        /**
         * Builds the bundle.
         *
         * @return a bundle that can be saved
         * @throws IllegalArgumentException if there is no such code layer or output, or parts do not fit together
         */
        public ModelBundle build() {
            List<String> names = featureNames != null ? featureNames : schema == null ? List.of() : schema.names();
            return new ModelBundle(
                    network,
                    new BundleDetails(codeLayer, codeIndex, output, imageShape, threshold, names, metrics),
                    schema,
                    normalizer,
                    new Attachments(arrays, texts),
                    BundleWriter.libraryVersion());
        }
    }
}
