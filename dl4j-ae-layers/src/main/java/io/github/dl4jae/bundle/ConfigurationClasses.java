package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.layer.Require;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * Refuses configurations that name a class outside an allow-list.
 *
 * <p>Jackson takes class names from the property {@code @class}, for distributions from {@code type}, and, whatever
 * the annotation says, from the first of two elements of an array. Deeplearning4j's readers of old formats parse parts
 * of a configuration again. So it is not enough to look at {@code @class}: no text in the configuration, whether a name
 * or a value, can be the name of an existing class outside the list. Looking for a class does not initialize it.
 */
final class ConfigurationClasses {

    private static final String DL4J = "org.deeplearning4j.";
    private static final String ND4J = "org.nd4j.linalg.";
    private static final String OURS = "io.github.dl4jae.";

    /**
     * Packages of which all classes can be named. Left out although they have classes that Jackson accepts: {@code
     * conf.memory} (its properties are classes of any kind), the readers of old formats, {@code
     * modelimport.keras.layers} (runs TensorFlow graphs), {@code earlystopping.saver} (writes files).
     */
    private static final Set<String> PACKAGES = Set.of(
            DL4J + "nn.conf",
            DL4J + "nn.conf.constraint",
            DL4J + "nn.conf.distribution",
            DL4J + "nn.conf.dropout",
            DL4J + "nn.conf.graph",
            DL4J + "nn.conf.graph.rnn",
            DL4J + "nn.conf.inputs",
            DL4J + "nn.conf.layers",
            DL4J + "nn.conf.layers.convolutional",
            DL4J + "nn.conf.layers.misc",
            DL4J + "nn.conf.layers.objdetect",
            DL4J + "nn.conf.layers.recurrent",
            DL4J + "nn.conf.layers.util",
            DL4J + "nn.conf.layers.variational",
            DL4J + "nn.conf.ocnn",
            DL4J + "nn.conf.preprocessor",
            DL4J + "nn.conf.stepfunctions",
            DL4J + "nn.conf.weightnoise",
            DL4J + "nn.layers.ocnn",
            DL4J + "nn.modelimport.keras.preprocessors",
            DL4J + "nn.weights",
            DL4J + "preprocessors",
            ND4J + "activations.impl",
            ND4J + "learning.config",
            ND4J + "learning.regularization",
            ND4J + "lossfunctions.impl",
            ND4J + "schedule");

    private static final Set<String> CLASSES = Set.of(
            DL4J + "nn.layers.util.IdentityLayer",
            DL4J + "nn.weights.embeddings.ArrayEmbeddingInitializer",
            DL4J + "nn.weights.embeddings.WeightInitEmbedding");

    /** Old arrays, which are allocated by a number in the text. */
    private static final String OLD_ARRAY = "dataBuffer";

    private static final int MOST_NAMES = 10_000;
    private static final int LONGEST_NAME = 512;

    private final String subject;
    private final Set<String> more;
    private final Set<String> seen = new HashSet<>();

    private ConfigurationClasses(String subject, Set<String> more) {
        this.subject = subject;
        this.more = more;
    }

    /**
     * Checks a configuration.
     *
     * @param subject the start of error messages
     * @param root the configuration
     * @param more further classes that it can name
     * @throws IllegalArgumentException if it names another class
     */
    static void require(String subject, JsonNode root, Set<String> more) {
        new ConfigurationClasses(subject, more).check(root);
    }

    private void check(JsonNode node) {
        if (node.isTextual()) {
            checkText(node.textValue());
        } else if (node.isArray()) {
            node.forEach(this::check);
        } else if (node.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                checkField(field.getKey(), field.getValue());
            }
        }
    }

    private void checkField(String name, JsonNode value) {
        Require.that(
                !name.equals(OLD_ARRAY),
                subject,
                "must have no arrays in the format before 1.0.0-beta7",
                "'" + OLD_ARRAY + "'",
                "restore the file with Deeplearning4j if you trust it, and save it again");
        if (name.equals("@class")) {
            Require.that(value.isTextual(), subject, "@class must be a text", value.getNodeType(), "");
            requireAllowed(value.textValue());
        } else if (name.equals("type") && value.isTextual() && value.textValue().indexOf('.') >= 0) {
            requireAllowed(value.textValue());
        }
        checkText(name);
        check(value);
    }

    /** Checks all parts of a text that could name a class, as in {@code java.util.List<a.b.C>}. */
    private void checkText(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            boolean part =
                    i < text.length() && (text.charAt(i) == '.' || Character.isJavaIdentifierPart(text.charAt(i)));
            if (!part) {
                checkName(text.substring(start, i));
                start = i + 1;
            }
        }
    }

    private void checkName(String name) {
        if (name.indexOf('.') <= 0 || name.length() > LONGEST_NAME || isAllowed(name) || !seen.add(name)) {
            return;
        }
        Require.that(
                seen.size() <= MOST_NAMES, subject, "must have at most " + MOST_NAMES + " dotted names", "more", "");
        if (exists(name, Thread.currentThread().getContextClassLoader())
                || exists(name, ConfigurationClasses.class.getClassLoader())) {
            requireAllowed(name);
        }
    }

    private static boolean exists(String name, ClassLoader loader) {
        try {
            Class.forName(name, false, loader);
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private void requireAllowed(String name) {
        Require.that(
                isAllowed(name),
                subject,
                "must name only classes of Deeplearning4j's configurations and of this library",
                FoundText.quoted(name),
                "if it is yours and you trust the file, allow it with LoadOptions.Builder.allowClasses");
    }

    private boolean isAllowed(String name) {
        int dot = name.lastIndexOf('.');
        boolean plain = dot > 0 && name.chars().allMatch(c -> c == '.' || Character.isJavaIdentifierPart(c));
        return plain
                && (PACKAGES.contains(name.substring(0, dot))
                        || CLASSES.contains(name)
                        || name.startsWith(OURS)
                        || more.contains(name));
    }
}
