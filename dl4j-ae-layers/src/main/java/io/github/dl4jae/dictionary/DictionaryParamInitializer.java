package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Initializes a dictionary: decoder rows in random directions, and the encoder as their transpose.
 *
 * <p>Names have no underscore, because Deeplearning4j takes what is left of the last one for the name of the layer.
 *
 * <p>The weights of a unit lie together in both matrices: W_enc is in 'f' order, W_dec in 'c' order.
 */
final class DictionaryParamInitializer extends ShapedParamInitializer {

    static final DictionaryParamInitializer INSTANCE = new DictionaryParamInitializer();
    static final String ENCODER = "Wenc";
    static final String DECODER = "Wdec";
    static final String DECODER_BIAS = "bdec";
    static final String SKIP = "Wskip";
    /** The number of training examples since each unit fired, {@code [1, d_sae]}. It has no gradient. */
    static final String IDLE = "idle";

    /** The length of decoder rows that can grow. */
    private static final double FREE_NORM = 0.1;

    private DictionaryParamInitializer() {
        super(List.of(ENCODER, DECODER, SKIP), List.of(DictionaryEncoder.BIAS, DECODER_BIAS));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        DictionaryLayer layer = (DictionaryLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long units = layer.getUnits();
        if (layer.getEncoder().hasEncoderWeights()) {
            shapes.put(ENCODER, new long[] {layer.getNIn(), units});
            layer.getEncoder().unitParameters().forEach(name -> shapes.put(name, new long[] {1, units}));
        }
        shapes.put(DECODER, new long[] {units, layer.getNOut()});
        shapes.put(DECODER_BIAS, new long[] {1, layer.getNOut()});
        if (layer.hasSkip()) {
            shapes.put(SKIP, new long[] {layer.getNIn(), layer.getNOut()});
        }
        layer.getEncoder().stateParameters().forEach(name -> shapes.put(name, new long[] {1, 1}));
        shapes.put(IDLE, new long[] {1, units});
        return shapes;
    }

    @Override
    protected char order(String key) {
        return DECODER.equals(key) ? 'c' : 'f';
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        DictionaryLayer layer = (DictionaryLayer) conf.getLayer();
        flat.assign(0);
        SplittableRandom random = RandomStreams.of(conf.getSeed(), 0);
        double norm = layer.hasUnitNorm() ? 1 : FREE_NORM;
        fill(parameter(parameters, DECODER), norm, random);
        if (layer.getEncoder().hasEncoderWeights()) {
            INDArray rows = parameter(parameters, ENCODER).transpose();
            if (layer.getNIn() == layer.getNOut()) {
                rows.assign(parameter(parameters, DECODER));
            } else {
                fill(rows, norm, random);
            }
            layer.getEncoder().unitParameters().forEach(name -> parameter(parameters, name)
                    .assign(layer.getEncoder().initial(name)));
        }
    }

    /** Sets rows to random directions of a given length. */
    private static void fill(INDArray matrix, double norm, SplittableRandom random) {
        for (long j = 0; j < matrix.size(0); j++) {
            double[] row = new double[Math.toIntExact(matrix.size(1))];
            double sum = 0;
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextGaussian();
                sum += row[i] * row[i];
            }
            double scale = norm / Math.sqrt(Math.max(sum, Double.MIN_NORMAL));
            for (int i = 0; i < row.length; i++) {
                matrix.putScalar(j, i, scale * row[i]);
            }
        }
    }
}
