package io.github.dl4jae.compression;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a {@link FactorizedPriorLayer}: {@code H [C, 33]}, {@code b [C, 13]}, {@code a [C, 12]}, a row per
 * channel. None of them is a weight that L1 or L2 regularization reaches.
 */
final class FactorizedPriorParamInitializer extends ShapedParamInitializer {

    static final FactorizedPriorParamInitializer INSTANCE = new FactorizedPriorParamInitializer();
    static final String WEIGHTS = "H";
    static final String BIASES = DefaultParamInitializer.BIAS_KEY;
    static final String FACTORS = "a";

    private FactorizedPriorParamInitializer() {
        super(List.of(), List.of(BIASES));
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        long channels = ((FactorizedPriorLayer) configuration).getNIn();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHTS, new long[] {channels, CumulativeNetwork.WEIGHTS});
        shapes.put(BIASES, new long[] {channels, CumulativeNetwork.BIASES});
        shapes.put(FACTORS, new long[] {channels, CumulativeNetwork.FACTORS});
        return shapes;
    }

    @Override
    protected char order(String key) {
        return 'c';
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        FactorizedPriorLayer layer = (FactorizedPriorLayer) conf.getLayer();
        INDArray H = parameter(parameters, WEIGHTS);
        INDArray first = Nd4j.createFromArray(CumulativeNetwork.initialWeights(layer.getInitialScale()));
        H.assign(first.reshape(1, CumulativeNetwork.WEIGHTS).broadcast(H.shape()));
        INDArray b = parameter(parameters, BIASES);
        double[] uniform = new double[(int) b.length()];
        NoiseStream.of(conf.getSeed(), layer.getLayerName() + "/prior").uniform(0, uniform, 0, uniform.length);
        b.assign(Nd4j.createFromArray(uniform).subi(0.5).reshape(b.shape()));
        parameter(parameters, FACTORS).assign(0);
    }

    /** Returns the networks of all channels with their present parameters. */
    static List<CumulativeNetwork> networks(Map<String, INDArray> parameters) {
        double[][] H = rows(parameter(parameters, WEIGHTS));
        double[][] b = rows(parameter(parameters, BIASES));
        double[][] a = rows(parameter(parameters, FACTORS));
        List<CumulativeNetwork> networks = new ArrayList<>();
        for (int c = 0; c < H.length; c++) {
            networks.add(new CumulativeNetwork(H[c], b[c], a[c]));
        }
        return networks;
    }

    private static double[][] rows(INDArray parameter) {
        return parameter.castTo(DataType.DOUBLE).toDoubleMatrix();
    }
}
