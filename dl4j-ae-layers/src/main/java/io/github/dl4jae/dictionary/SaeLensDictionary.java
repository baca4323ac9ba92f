package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sparse dictionary in the files of SAELens: {@code cfg.json}, {@code sae_weights.safetensors} and, where it exists,
 * {@code sparsity.safetensors}.
 *
 * <pre>{@code
 * SparseDictionary dictionary = SaeLensDictionary.read(directory).dictionary();
 * SaeLensDictionary.of(dictionary).withMetadata("hook_name", "layer2").write(directory);
 * }</pre>
 *
 * <p>Reads the architectures standard, topk, jumprelu, gated, transcoder and skip_transcoder, jumprelu transcoders with
 * and without skip connection, and flat configurations from before version 6. SAELens saves BatchTopK and Matryoshka
 * dictionaries as jumprelu, and so does {@link #write}. Where a TopK dictionary multiplies its codes by decoder norms,
 * these are folded into the weights: codes and reconstructions are those of SAELens.
 *
 * <p>A dictionary that was read has no training options, such as λ: it encodes and reconstructs. Half-precision
 * parameters become float32.
 *
 * <p>Files are input from outside. Sizes, types and names must be those of the architecture, and all parameters finite;
 * anything else is refused in bounded memory.
 *
 * <p>Errors when reading: other architectures; normalization of single examples, which a dictionary does not do. Errors
 * when writing: AbsTopK and transcoders with TopK or gated codes, which SAELens does not have; matching pursuit, which
 * SAELens ends by the length of the residual and not after k steps.
 *
 * @see <a href="https://github.com/decoderesearch/SAELens">SAELens</a>
 */
public final class SaeLensDictionary {

    private static final String SUBJECT = "SaeLensDictionary";
    private static final String CONFIGURATION = "cfg.json";
    private static final String WEIGHTS = "sae_weights.safetensors";
    private static final String SPARSITY_FILE = "sparsity.safetensors";
    private static final String SPARSITY = "sparsity";

    private final SparseDictionary dictionary;
    private final Map<String, Object> metadata;
    private final @Nullable INDArray logSparsity;

    private SaeLensDictionary(
            SparseDictionary dictionary, Map<String, Object> metadata, @Nullable INDArray logSparsity) {
        this.dictionary = dictionary;
        this.metadata = metadata;
        this.logSparsity = logSparsity;
    }

    /**
     * Returns a dictionary to write, without metadata.
     *
     * @param dictionary a trained dictionary
     * @return the dictionary
     */
    public static SaeLensDictionary of(SparseDictionary dictionary) {
        return new SaeLensDictionary(
                Require.given(SUBJECT, "dictionary", dictionary, "train or read one"), Map.of(), null);
    }

    /**
     * Reads a dictionary.
     *
     * @param directory with the files of SAELens
     * @return the dictionary, with metadata and sparsity
     * @throws IllegalArgumentException if a file is malformed, the architecture is another one, or the inputs were
     *     scaled in training: see {@link #read(Path, double)}
     * @throws UncheckedIOException if a file cannot be read
     */
    public static SaeLensDictionary read(Path directory) {
        return read(directory, null);
    }

    /**
     * Reads a dictionary that was trained on scaled inputs, where {@code normalize_activations} is {@code
     * expected_average_only_in}. The files do not have the scale. It is folded into the weights, so that the dictionary
     * accepts inputs that are not scaled.
     *
     * @param directory with the files of SAELens
     * @param inputScale the factor of the inputs in training, √d_in divided by the mean length of inputs
     * @return the dictionary, with metadata and sparsity
     * @throws IllegalArgumentException if a file is malformed, the architecture is another one, the inputs were not
     *     scaled, or the scale is not above 0
     * @throws UncheckedIOException if a file cannot be read
     */
    public static SaeLensDictionary read(Path directory, double inputScale) {
        return read(directory, (Double) inputScale);
    }

    private static SaeLensDictionary read(Path directory, @Nullable Double inputScale) {
        String subject = SUBJECT + " " + Require.given(SUBJECT, "directory", directory, "");
        SaeLensConfiguration configuration =
                SaeLensConfiguration.read(subject + ": cfg.json", bytes(subject, directory.resolve(CONFIGURATION)));
        Require.that(
                configuration.scaledInput() == (inputScale != null),
                subject,
                configuration.scaledInput()
                        ? "inputScale must be given where normalize_activations is expected_average_only_in"
                        : "inputScale must not be given where normalize_activations is none",
                inputScale == null ? "none" : inputScale,
                configuration.scaledInput() ? "it is √d_in divided by the mean length of inputs" : "");
        DictionaryLayer layer = layer(configuration);
        try (SafetensorsFile weights = SafetensorsFile.open(directory.resolve(WEIGHTS))) {
            SparseDictionary dictionary =
                    SparseDictionary.of(layer, SaeLensTensors.read(subject, weights, configuration, layer));
            return new SaeLensDictionary(
                    inputScale == null ? dictionary : dictionary.unscaled(inputScale, inputScale),
                    configuration.metadata(),
                    readSparsity(subject, directory.resolve(SPARSITY_FILE), configuration.units()));
        }
    }

    private static byte[] bytes(String subject, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(SaeLensConfiguration.mostBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(subject + ": " + file.getFileName() + " can't be read", e);
        }
    }

    private static DictionaryLayer layer(SaeLensConfiguration configuration) {
        DictionaryEncoder encoder =
                switch (configuration.architecture().codes()) {
                    case RELU -> new L1Encoder(0);
                    case TOPK -> new TopKEncoder(configuration.k());
                    case JUMPRELU -> JumpReLUEncoder.trained();
                    case GATED -> new GatedEncoder(0);
                };
        return new DictionaryLayer.Builder()
                .nIn(configuration.inputs())
                .nOut(configuration.outputs())
                .units(configuration.units())
                .encoder(encoder)
                .skip(configuration.architecture().hasSkip())
                .centeredInput(configuration.centered())
                .unitNorm(false)
                .build();
    }

    private static @Nullable INDArray readSparsity(String subject, Path file, int units) {
        if (!Files.exists(file)) {
            return null;
        }
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            String ofTensor = subject + ": sparsity.safetensors";
            Require.that(tensors.contains(SPARSITY), ofTensor, "must have the tensor 'sparsity'", tensors.names(), "");
            Require.that(
                    Arrays.equals(tensors.shape(SPARSITY), new long[] {units})
                            && tensors.type(SPARSITY).dataType().isFPType(),
                    ofTensor,
                    "'sparsity' must have floating point numbers of shape [" + units + "]",
                    tensors.type(SPARSITY) + " of shape " + Arrays.toString(tensors.shape(SPARSITY)),
                    "");
            return tensors.tensor(SPARSITY).castTo(DataType.FLOAT);
        }
    }

    /**
     * Returns the dictionary.
     *
     * @return an immutable dictionary
     */
    public SparseDictionary dictionary() {
        return dictionary;
    }

    /**
     * Returns the metadata, such as {@code hook_name} and {@code model_name}.
     *
     * @return {@code String}, {@code Boolean}, {@code Long} and {@code Double} by name; lists and objects are left out
     */
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /**
     * Returns log₁₀ of the share of examples that activate each unit.
     *
     * @return {@code [units]}, a copy; empty if the file does not exist
     */
    public Optional<INDArray> logSparsity() {
        return Optional.ofNullable(logSparsity).map(INDArray::dup);
    }

    /**
     * Adds metadata, or replaces that of the name.
     *
     * @param name such as {@code hook_name}, the layer that the dictionary describes
     * @param value a text, a number or a boolean
     * @return a copy with the metadata
     * @throws IllegalArgumentException if the value is of another type or not finite
     */
    public SaeLensDictionary withMetadata(String name, Object value) {
        Require.given(SUBJECT, "name", name, "");
        boolean number = value instanceof Number each && Double.isFinite(each.doubleValue());
        Require.that(
                value instanceof String || value instanceof Boolean || number,
                SUBJECT,
                "metadata must be a text, a finite number or a boolean",
                value,
                "");
        Map<String, Object> extended = new LinkedHashMap<>(metadata);
        Object plain = value instanceof Integer || value instanceof Short || value instanceof Byte
                ? (Object) ((Number) value).longValue()
                : value instanceof Float each ? (Object) each.doubleValue() : value;
        extended.put(name, plain);
        return new SaeLensDictionary(dictionary, extended, logSparsity);
    }

    /**
     * Sets the sparsity.
     *
     * @param logSparsity log₁₀ of the share of examples that activate each unit, {@code [units]}
     * @return a copy with the sparsity
     * @throws IllegalArgumentException if the shape is another one
     */
    public SaeLensDictionary withLogSparsity(INDArray logSparsity) {
        Require.given(SUBJECT, "logSparsity", logSparsity, "");
        Require.that(
                Arrays.equals(logSparsity.shape(), new long[] {dictionary.units()}),
                SUBJECT,
                "logSparsity must have the shape [" + dictionary.units() + "]",
                Arrays.toString(logSparsity.shape()),
                "");
        return new SaeLensDictionary(
                dictionary, metadata, logSparsity.castTo(DataType.FLOAT).dup());
    }

    /**
     * Writes the files of SAELens 6. Each file is complete, or stays as it was. An old {@code sparsity.safetensors} is
     * deleted where this dictionary has none.
     *
     * @param directory is created where it is missing
     * @return the directory
     * @throws IllegalArgumentException if SAELens has no architecture for the dictionary
     * @throws UncheckedIOException if a file cannot be written
     */
    public Path write(Path directory) {
        String subject = SUBJECT + " " + Require.given(SUBJECT, "directory", directory, "");
        SaeLensConfiguration configuration = configuration(subject);
        SafetensorsFile.write(directory.resolve(WEIGHTS), SaeLensTensors.of(dictionary, configuration.type()));
        Path sparsity = directory.resolve(SPARSITY_FILE);
        if (logSparsity != null) {
            SafetensorsFile.write(sparsity, Map.of(SPARSITY, logSparsity));
        } else {
            delete(subject, sparsity);
        }
        AtomicFile.write(
                directory.resolve(CONFIGURATION),
                part -> Files.writeString(part, configuration.toJson(), StandardCharsets.UTF_8));
        return directory;
    }

    private static void delete(String subject, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(subject + ": " + file.getFileName() + " can't be deleted", e);
        }
    }

    private SaeLensConfiguration configuration(String subject) {
        DictionaryLayer layer = dictionary.layer();
        DictionaryEncoder encoder = layer.getEncoder();
        boolean transcoder = layer.hasSkip() || dictionary.inputs() != dictionary.outputs();
        SaeLensArchitecture architecture = codes(encoder)
                .flatMap(codes -> SaeLensArchitecture.of(codes, transcoder, layer.hasSkip()))
                .orElseThrow(() -> new IllegalArgumentException(subject
                        + ": the dictionary must have an architecture of "
                        + SaeLensArchitecture.keys() + ", got " + encoder + (transcoder ? " of a transcoder" : "")
                        + "; a bundle or ModelSerializer stores toNetwork()"));
        Require.that(
                !transcoder || !layer.hasCenteredInput(),
                subject,
                "a transcoder must have centeredInput(false)",
                true,
                "");
        DataType type = dictionary.decoderWeights().dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        boolean topK = architecture.codes() == SaeLensArchitecture.Codes.TOPK;
        return new SaeLensConfiguration(
                architecture,
                dictionary.inputs(),
                dictionary.units(),
                dictionary.outputs(),
                type,
                layer.hasCenteredInput(),
                topK ? Math.toIntExact(Math.round(encoder.sparsityAt(layer.reached()))) : 0,
                false,
                false,
                metadata);
    }

    private static Optional<SaeLensArchitecture.Codes> codes(DictionaryEncoder encoder) {
        if (encoder instanceof L1Encoder) {
            return Optional.of(SaeLensArchitecture.Codes.RELU);
        } else if (encoder instanceof TopKEncoder) {
            return Optional.of(SaeLensArchitecture.Codes.TOPK);
        } else if (encoder instanceof JumpReLUEncoder || encoder instanceof BatchTopKEncoder) {
            return Optional.of(SaeLensArchitecture.Codes.JUMPRELU);
        } else if (encoder instanceof GatedEncoder) {
            return Optional.of(SaeLensArchitecture.Codes.GATED);
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "SaeLensDictionary[" + dictionary + ", " + metadata + "]";
    }
}
