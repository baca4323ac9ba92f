package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.safetensors.SafetensorsFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Converts between the tensors of SAELens and the parameters of a {@link DictionaryLayer}. */
final class SaeLensTensors {

    private static final String ENCODER = "W_enc";
    private static final String DECODER = "W_dec";
    private static final String DECODER_BIAS = "b_dec";
    private static final String SKIP = "W_skip";
    private static final String THRESHOLD = "threshold";
    /** The logarithm of the threshold, in old files. */
    private static final String LOG_THRESHOLD = "log_threshold";
    /** A factor of each unit, which old files have although it is 1. */
    private static final String SCALING = "scaling_factor";

    /** The names of vectors of units, and those of SAELens. */
    private static final Map<String, String> UNIT_NAMES = Map.of(
            DictionaryEncoder.BIAS,
            "b_enc",
            JumpReLUEncoder.THRESHOLD,
            THRESHOLD,
            GatedEncoder.GATE_BIAS,
            "b_gate",
            GatedEncoder.MAGNITUDE_BIAS,
            "b_mag",
            GatedEncoder.MAGNITUDE_SCALE,
            "r_mag");

    private final SafetensorsFile file;
    private final String subject;
    private final DataType type;

    private SaeLensTensors(String subject, SafetensorsFile file, DataType type) {
        this.subject = subject;
        this.file = file;
        this.type = type;
    }

    /**
     * Reads the parameters of a dictionary.
     *
     * @param subject the start of error messages
     * @param file sae_weights.safetensors
     * @param configuration decides which tensors the file must have
     * @param layer the layer of the configuration
     * @return parameters of the layer, without the state of training
     * @throws IllegalArgumentException if a tensor is missing, unknown or has another shape
     */
    static Map<String, INDArray> read(
            String subject, SafetensorsFile file, SaeLensConfiguration configuration, DictionaryLayer layer) {
        return new SaeLensTensors(subject, file, configuration.type()).read(configuration, layer);
    }

    private Map<String, INDArray> read(SaeLensConfiguration configuration, DictionaryLayer layer) {
        int inputs = configuration.inputs();
        int units = configuration.units();
        int outputs = configuration.outputs();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(ENCODER, new long[] {inputs, units});
        shapes.put(DECODER, new long[] {units, outputs});
        shapes.put(DECODER_BIAS, new long[] {outputs});
        if (layer.hasSkip()) {
            shapes.put(SKIP, new long[] {outputs, inputs});
        }
        boolean logarithm = file.contains(LOG_THRESHOLD) && !file.contains(THRESHOLD);
        layer.getEncoder().unitParameters().forEach(name -> {
            String key = UNIT_NAMES.getOrDefault(name, name);
            shapes.put(key.equals(THRESHOLD) && logarithm ? LOG_THRESHOLD : key, new long[] {units});
        });
        requireTensors(shapes);
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        parameters.put(DictionaryParamInitializer.ENCODER, tensor(ENCODER));
        parameters.put(DictionaryParamInitializer.DECODER, tensor(DECODER));
        parameters.put(DictionaryParamInitializer.DECODER_BIAS, row(DECODER_BIAS));
        if (layer.hasSkip()) {
            parameters.put(DictionaryParamInitializer.SKIP, tensor(SKIP).transpose());
        }
        layer.getEncoder()
                .unitParameters()
                .forEach(name -> parameters.put(
                        name,
                        name.equals(JumpReLUEncoder.THRESHOLD)
                                ? threshold(logarithm)
                                : row(UNIT_NAMES.getOrDefault(name, name))));
        if (configuration.rescaled()) {
            foldDecoderNorms(parameters);
        }
        return parameters;
    }

    private void requireTensors(Map<String, long[]> shapes) {
        shapes.forEach((name, shape) -> {
            String ofTensor = subject + ": tensor '" + name + "'";
            Require.that(file.contains(name), ofTensor, "must be in the file", "none", "see architecture in cfg.json");
            Require.that(
                    Arrays.equals(file.shape(name), shape),
                    ofTensor,
                    "must have the shape " + Arrays.toString(shape) + " of cfg.json",
                    Arrays.toString(file.shape(name)),
                    "");
            Require.that(
                    file.type(name).dataType().isFPType(),
                    ofTensor,
                    "must have floating point numbers",
                    file.type(name),
                    "");
        });
        for (String name : file.names()) {
            boolean ignored = name.equals(SCALING) && isOne(SCALING);
            Require.that(
                    shapes.containsKey(name) || ignored,
                    subject,
                    "tensors must be among " + shapes.keySet(),
                    FoundText.quoted(name),
                    name.equals(SCALING) ? "multiply the rows of W_dec by it" : "see architecture in cfg.json");
        }
    }

    private boolean isOne(String name) {
        return file.type(name).dataType().isFPType()
                && file.tensor(name).castTo(DataType.DOUBLE).sub(1).amaxNumber().doubleValue() < 1e-5;
    }

    private INDArray tensor(String name) {
        return file.tensor(name).castTo(type);
    }

    private INDArray row(String name) {
        INDArray vector = tensor(name);
        return vector.reshape(1, vector.length());
    }

    /** SAELens compares with relu(threshold). */
    private INDArray threshold(boolean logarithm) {
        return logarithm ? Transforms.exp(row(LOG_THRESHOLD)) : Transforms.relu(row(THRESHOLD));
    }

    /**
     * Makes decoder rows unit vectors, for which the rescaled codes are the pre-activations themselves.
     *
     * <pre>
     * top_k(z‖d‖)/‖d‖·d = top_k(z′)·d′  with  z′ = z‖d‖,  d′ = d/‖d‖
     * </pre>
     */
    private static void foldDecoderNorms(Map<String, INDArray> parameters) {
        INDArray decoder = required(parameters, DictionaryParamInitializer.DECODER);
        INDArray norms = decoder.norm2(true, 1);
        INDArray row = norms.transpose();
        required(parameters, DictionaryParamInitializer.ENCODER).muliRowVector(row);
        required(parameters, DictionaryEncoder.BIAS).muli(row);
        decoder.diviColumnVector(Transforms.max(norms, 1e-8));
    }

    private static INDArray required(Map<String, INDArray> parameters, String name) {
        return Require.given("SaeLensDictionary", name, parameters.get(name), "");
    }

    /**
     * Returns the tensors of a dictionary.
     *
     * @param dictionary of an architecture of SAELens
     * @param type DOUBLE or FLOAT
     * @return tensors by the names of SAELens
     */
    static Map<String, INDArray> of(SparseDictionary dictionary, DataType type) {
        Map<String, INDArray> parameters = dictionary.parameters();
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            INDArray array = parameter.castTo(type);
            switch (name) {
                case DictionaryParamInitializer.ENCODER -> tensors.put(ENCODER, array);
                case DictionaryParamInitializer.DECODER -> tensors.put(DECODER, array);
                case DictionaryParamInitializer.SKIP -> tensors.put(SKIP, array.transpose());
                case DictionaryParamInitializer.DECODER_BIAS ->
                    tensors.put(DECODER_BIAS, array.reshape(array.length()));
                case DictionaryParamInitializer.IDLE, BatchTopKEncoder.THRESHOLD_REST -> {} // for training alone
                case THRESHOLD -> tensors.put(THRESHOLD, perUnit(array, dictionary.units()));
                default -> tensors.put(UNIT_NAMES.getOrDefault(name, name), array.reshape(array.length()));
            }
        });
        return tensors;
    }

    /** Returns the thresholds of units; BatchTopK has one for all. */
    private static INDArray perUnit(INDArray threshold, int units) {
        return threshold.length() == 1 && units > 1
                ? Nd4j.valueArrayOf(new long[] {units}, threshold.getDouble(0), threshold.dataType())
                : threshold.reshape(threshold.length());
    }
}
