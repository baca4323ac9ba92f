package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.bundle.Threshold;
import io.github.dl4jae.tabular.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what a model file holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the layers, columns or image size, metrics and versions of a model.")
final class InspectCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Console console;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ModelBundle bundle = ModelBundle.load(model);
        Summary summary = new Summary()
                .add("model", model.toString())
                .add("written by", "dl4j-ae " + bundle.libraryVersion())
                .add("read by", "dl4j-ae " + Version.ofProgram())
                .add("network", bundle.network().getClass().getSimpleName())
                .add("parameters", bundle.network().numParams());
        if (bundle.network() instanceof MultiLayerNetwork network) {
            summary.add("layers", layers(network));
        }
        TableSchema schema = bundle.schema();
        if (schema != null) {
            summary.add("format", schema.format().toString()).add("columns", columns(schema));
        }
        ImageShape images = bundle.imageShape();
        if (images != null) {
            Map<String, Object> sizes = new LinkedHashMap<>();
            sizes.put("height", images.height());
            sizes.put("width", images.width());
            sizes.put("channels", images.channels());
            summary.add("images", sizes);
        }
        summary.add(
                "features",
                images != null ? images.size() : bundle.featureNames().size());
        Threshold threshold = bundle.threshold();
        if (threshold != null) {
            summary.add("threshold", Map.of(threshold.score(), threshold.value()));
        }
        summary.add("metrics", bundle.metrics());
        summary.print(console.text(), json);
        return 0;
    }

    private static List<String> layers(MultiLayerNetwork network) {
        List<String> layers = new ArrayList<>();
        for (NeuralNetConfiguration configuration :
                network.getLayerWiseConfigurations().getConfs()) {
            Layer layer = configuration.getLayer();
            layers.add(layer.getClass().getSimpleName()
                    + (layer instanceof FeedForwardLayer sized ? " " + sized.getNIn() + " → " + sized.getNOut() : "")
                    + (layer.getLayerName() == null ? "" : ", " + layer.getLayerName()));
        }
        return layers;
    }

    /** Returns the kinds of the columns. */
    private static Map<String, String> columns(TableSchema schema) throws IOException {
        Map<String, String> kinds = new LinkedHashMap<>();
        for (JsonNode column : MAPPER.readTree(schema.toJson()).get("columns")) {
            boolean indicated = column.has("column");
            JsonNode inner = indicated ? column.get("column") : column;
            kinds.put(
                    inner.get("name").asText(),
                    inner.get("kind").asText()
                            + (indicated ? ", with an indicator of missing values" : "")
                            + (inner.has("reason")
                                    ? " because " + inner.get("reason").asText()
                                    : ""));
        }
        return kinds;
    }
}
