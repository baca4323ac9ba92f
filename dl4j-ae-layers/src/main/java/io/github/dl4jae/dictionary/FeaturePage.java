package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A page for looking at the features of a dictionary: one HTML file that needs no other file and no network.
 *
 * <p>It lists the features, with search, filters and sorting. For each feature it shows the examples in which it is
 * strongest and examples of each quantile band, a histogram of its activations, its classes, and the nearest features
 * by direction and by activation; where given, its direction, the changes of the outputs when it is switched off, and
 * those when it is set to a value.
 *
 * <pre>{@code
 * new FeaturePage.Builder()
 *         .title("conv2 of the classifier")
 *         .statistics(collector.statistics(dictionary.decoderWeights()))
 *         .examples(ExampleView.images(i -> images.getRow(i), 28, 28, 1))
 *         .build()
 *         .write(Path.of("features.html"));
 * }</pre>
 *
 * <p>Each example on the page is in the file once, pictures as PNG. The numbers are rounded: shares and similarities to
 * 16 bits, counts of histograms to 2 %, activations to float32.
 *
 * <p>The part of the address after {@code #} holds the state of the page, as in {@code
 * #class=Coat&sort=purity&feature=7}: {@code q} (search), {@code show} (alive, dead, all), {@code class}, {@code min}
 * and {@code max} (frequency), {@code sort} (number, frequency, maximum, mean, purity, effect, cosine), {@code order}
 * (asc, desc), {@code feature}, {@code theme} (light, dark).
 */
public final class FeaturePage {

    private static final String SUBJECT = "FeaturePage";
    private static final int MOST_ENTRIES = 12;

    private final Builder settings;
    private final FeatureStatistics statistics;
    private final ExampleView examples;

    private FeaturePage(Builder settings, FeatureStatistics statistics, ExampleView examples) {
        this.settings = settings;
        this.statistics = statistics;
        this.examples = examples;
    }

    /**
     * Writes the page. The file is replaced only when the new one is complete.
     *
     * @param file the file; missing directories are created, an existing file is replaced
     * @return the file
     * @throws IllegalArgumentException if an example has another shape than the view was built for
     * @throws UncheckedIOException if the file cannot be written
     */
    public Path write(Path file) {
        PageData data = new PageData();
        Map<String, Object> meta = meta(data);
        meta.put("arrays", data.types());
        data.json("meta", meta);
        return AtomicFile.write(file, part -> {
            try (BufferedWriter writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
                fill(writer, data);
            }
        });
    }

    private void fill(Writer writer, PageData data) throws IOException {
        String[] parts = resource("feature-page.html").split("\\{\\{data}}", -1);
        writer.write(withTexts(parts[0]));
        data.writeTo(writer);
        writer.write(withTexts(parts[1]));
    }

    private String withTexts(String template) {
        return template.replace("{{style}}", resource("feature-page.css"))
                .replace("{{script}}", resource("feature-page.js"))
                .replace("{{title}}", escape(settings.title));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(FeaturePage.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("FeaturePage: the template cannot be read", e);
        }
    }

    private Map<String, Object> meta(PageData data) {
        Map<String, Object> meta = new LinkedHashMap<>();
        boolean positions = statistics.rows() > statistics.examples();
        meta.put("units", statistics.units());
        meta.put("rows", statistics.rows());
        meta.put("examples", statistics.examples());
        meta.put("bands", statistics.bands());
        meta.put("positions", positions);
        meta.put("classes", statistics.classes());
        meta.put("outputs", settings.outputs.isEmpty() ? statistics.classes() : settings.outputs);
        meta.put("facts", facts());
        meta.put("notes", settings.notes);
        meta.put("steering", settings.steering);
        PageStatistics numbers = new PageStatistics(statistics);
        numbers.writeTo(data, meta);
        direction(meta, data);
        effects(meta, data);
        meta.put("view", examples.writeTo(numbers.writeExamples(data), positions, data));
        return meta;
    }

    private List<List<String>> facts() {
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("features", String.format("%,d", statistics.units())));
        facts.add(List.of("alive", String.format("%,d", statistics.alive())));
        facts.add(List.of("active on average", String.format("%.1f", statistics.meanActive())));
        facts.add(List.of("examples", String.format("%,d", statistics.examples())));
        settings.facts.forEach((name, value) -> facts.add(List.of(name, value)));
        return facts;
    }

    private void direction(Map<String, Object> meta, PageData data) {
        if (settings.direction != null) {
            meta.put("direction", settings.direction.writeTo(data, meta, MOST_ENTRIES));
        }
    }

    private void effects(Map<String, Object> meta, PageData data) {
        FeatureEffects effects = settings.effects;
        if (effects == null) {
            return;
        }
        LargestEntries entries = new LargestEntries(effects.units(), effects.outputs(), MOST_ENTRIES);
        float[] share = new float[effects.units()];
        for (int u = 0; u < share.length; u++) {
            entries.set(u, effects.change(u));
            share[u] = (float) effects.share(u);
        }
        entries.writeTo(data, "effect");
        data.floats("effect-share", share);
        meta.put("effect-kept", entries.kept());
    }

    /** Builds a page. */
    public static final class Builder {
        private @Nullable FeatureStatistics statistics;
        private @Nullable ExampleView examples;
        private String title = "Features";
        private final Map<String, String> facts = new LinkedHashMap<>();
        private final Map<Integer, String> notes = new TreeMap<>();
        private final Map<Integer, SteeringCurve> steering = new TreeMap<>();
        private List<String> outputs = List.of();
        private @Nullable FeatureDirections direction;
        private @Nullable FeatureEffects effects;

        /**
         * Sets the statistics of the features. Required.
         *
         * @param statistics of a collector
         * @return this
         */
        public Builder statistics(FeatureStatistics statistics) {
            this.statistics = statistics;
            return this;
        }

        /**
         * Sets how examples are shown. Required.
         *
         * @param view with a source of the examples that the collector received
         * @return this
         */
        public Builder examples(ExampleView view) {
            this.examples = view;
            return this;
        }

        /**
         * Sets the title. Default: Features.
         *
         * @param title any text
         * @return this
         */
        public Builder title(String title) {
            this.title = Require.given(SUBJECT, "title", title, "");
            return this;
        }

        /**
         * Adds a figure about the dictionary to the head of the page, such as the explained variance.
         *
         * @param name what the figure is
         * @param value the figure, with its unit
         * @return this
         */
        public Builder fact(String name, String value) {
            facts.put(Require.given(SUBJECT, "name", name, ""), Require.given(SUBJECT, "value", value, ""));
            return this;
        }

        /**
         * Adds a description of a feature, which is shown and can be searched for.
         *
         * @param unit the feature
         * @param text any text
         * @return this
         */
        public Builder note(int unit, String text) {
            notes.put(unit, Require.given(SUBJECT, "text", text, ""));
            return this;
        }

        /**
         * Shows the directions of the features as pictures. They are the decoder weights themselves if the inputs of
         * the dictionary are pixels, or an image of them in pixels.
         *
         * @param directions {@code [units, channels·height·width]}; each is shown on its own scale
         * @param height of a picture
         * @param width of a picture
         * @param channels 1, shown in two colors for the signs, or 3 for red, green and blue, where 0 is gray
         * @return this
         * @throws IllegalArgumentException if the shape is another
         */
        public Builder directions(INDArray directions, int height, int width, int channels) {
            this.direction = FeatureDirections.pictures(directions, height, width, channels);
            return this;
        }

        /**
         * Shows the largest entries of the directions of the features, for inputs with names.
         *
         * @param directions {@code [units, names]}, as the decoder weights
         * @param names the names of the inputs
         * @return this
         * @throws IllegalArgumentException if the shape is another
         */
        public Builder directions(INDArray directions, List<String> names) {
            this.direction = FeatureDirections.named(directions, names);
            return this;
        }

        /**
         * Shows what happens to the outputs when a feature is switched off.
         *
         * @param effects one for each feature
         * @return this
         */
        public Builder effects(FeatureEffects effects) {
            this.effects = effects;
            return this;
        }

        /**
         * Shows what happens to the outputs when a feature is set to a value.
         *
         * @param curve of any feature
         * @return this
         */
        public Builder steering(SteeringCurve curve) {
            steering.put(Require.given(SUBJECT, "curve", curve, "").unit(), curve);
            return this;
        }

        /**
         * Sets the names of the outputs of effects and steering. Default: the classes.
         *
         * @param outputs the name of each output
         * @return this
         */
        public Builder outputs(List<String> outputs) {
            this.outputs = List.copyOf(outputs);
            return this;
        }

        /**
         * Builds the page.
         *
         * @return a page that can be written
         * @throws IllegalArgumentException if statistics or examples are missing, or the numbers of features or outputs
         *     do not agree
         */
        public FeaturePage build() {
            FeatureStatistics given = Require.given(SUBJECT, "statistics", statistics, "take them from a collector");
            ExampleView view = Require.given(SUBJECT, "examples", examples, "choose a view of ExampleView");
            Builder copy = copy();
            copy.check(given);
            return new FeaturePage(copy, given, view);
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.title = title;
            copy.facts.putAll(facts);
            copy.notes.putAll(notes);
            copy.steering.putAll(steering);
            copy.outputs = outputs;
            copy.direction = direction;
            copy.effects = effects;
            return copy;
        }

        private void check(FeatureStatistics given) {
            int units = given.units();
            int names = outputs.isEmpty() ? given.classes().size() : outputs.size();
            if (direction != null) {
                requireUnits(units, "directions", direction.units());
            }
            if (effects != null) {
                requireUnits(units, "effects", effects.units());
                requireNames(names, effects.outputs());
            }
            for (int unit : notes.keySet()) {
                requireUnit(units, "a note", unit);
            }
            for (SteeringCurve curve : steering.values()) {
                requireUnit(units, "a steering curve", curve.unit());
                curve.outputs().forEach(means -> requireNames(names, means.size()));
            }
        }

        private static void requireUnits(int units, String what, int got) {
            Require.that(
                    got == units,
                    SUBJECT,
                    what + " must be given for the " + units + " features of the statistics",
                    got,
                    "take both from the same dictionary");
        }

        private static void requireUnit(int units, String what, int got) {
            Require.that(
                    got >= 0 && got < units, SUBJECT, what + " must be about a feature in [0, " + units + ")", got, "");
        }

        private static void requireNames(int names, int got) {
            Require.that(
                    got == names,
                    SUBJECT,
                    "there must be as many outputs as their " + names + " names",
                    got,
                    "name them with outputs");
        }
    }
}
