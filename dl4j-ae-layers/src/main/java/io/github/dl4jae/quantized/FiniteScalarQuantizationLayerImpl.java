package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.UnitAxis;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/** The implementation of {@link FiniteScalarQuantizationLayer}. */
final class FiniteScalarQuantizationLayerImpl extends SteppedLayerImpl<FiniteScalarQuantizationLayer> {

    private final LevelTable levels;

    FiniteScalarQuantizationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.levels = new LevelTable(layerConf().getLevels());
    }

    @Override
    double[] smooth(double[] z, boolean training) {
        return levels.bounded(z);
    }

    @Override
    double[] stepped(double[] z, double[] smooth, boolean training) {
        return levels.rounded(smooth);
    }

    @Override
    double[] derivative(double[] smooth, boolean training) {
        return levels.derivative(smooth);
    }

    @Override
    int[] indicesOf(double[] outputs) {
        return levels.indicesOf(outputs);
    }

    @Override
    public CodeTable table() {
        return levels;
    }

    @Override
    public UnitAxis unitAxis() {
        return layerConf().unitAxis();
    }
}
