package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import io.github.dl4jae.noise.NoiseStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Initializes codebooks with uniform random vectors in (−1/K, 1/K), as van den Oord et al. do. No updater changes them.
 */
final class CodebookParamInitializer extends ShapedParamInitializer {

    static final CodebookParamInitializer INSTANCE = new CodebookParamInitializer();
    /** The vectors, {@code [S·K, width]}, stage by stage. */
    static final String CODEBOOK = "codebook";
    /** The running counts, {@code [S, K]}. */
    static final String COUNTS = "counts";
    /** The number of codes of each stage that have been set from data, {@code [1, S]}. */
    static final String STARTED = "started";

    private CodebookParamInitializer() {
        super(List.of(), List.of());
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        VectorQuantizationLayer layer = (VectorQuantizationLayer) configuration;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(CODEBOOK, new long[] {(long) layer.getStages() * layer.getCodes(), layer.getNIn()});
        shapes.put(COUNTS, new long[] {layer.getStages(), layer.getCodes()});
        shapes.put(STARTED, new long[] {1, layer.getStages()});
        return shapes;
    }

    @Override
    protected char order(String key) {
        return 'c';
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        VectorQuantizationLayer layer = (VectorQuantizationLayer) conf.getLayer();
        INDArray codebook = parameter(parameters, CODEBOOK);
        double[] start = new double[Math.toIntExact(codebook.length())];
        NoiseStream.of(conf.getSeed(), layer.getLayerName() + "/codebook").uniform(0, start, 0, start.length);
        for (int i = 0; i < start.length; i++) {
            start[i] = (2 * start[i] - 1) / layer.getCodes();
        }
        codebook.assign(Nd4j.createFromArray(start).reshape(codebook.shape()));
        parameter(parameters, COUNTS).assign(1);
        parameter(parameters, STARTED).assign(layer.isKMeansStart() ? 0 : layer.getCodes());
    }
}
