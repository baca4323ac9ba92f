package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/** The implementation of {@link BinaryCodeLayer}. */
final class BinaryCodeLayerImpl extends SteppedLayerImpl<BinaryCodeLayer> {

    BinaryCodeLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private boolean isConcrete() {
        return layerConf().getSampling() == BinarySampling.CONCRETE;
    }

    /** Returns σ(z), or for the concrete distribution σ((z + ℓ)/τ), where ℓ is 0 at inference. */
    @Override
    double[] smooth(double[] z, boolean training) {
        double[] s = z.clone();
        if (isConcrete()) {
            double[] u = training ? uniform(z.length) : new double[0];
            for (int i = 0; i < s.length; i++) {
                double logistic = training ? Math.log(u[i] / (1 - u[i])) : 0;
                s[i] = (z[i] + logistic) / layerConf().getTemperature();
            }
        }
        Arrays.setAll(s, i -> 1 / (1 + Math.exp(-s[i])));
        return s;
    }

    @Override
    double[] stepped(double[] z, double[] smooth, boolean training) {
        double[] outputs = smooth.clone();
        if (training && isConcrete() && !layerConf().isHard()) {
            return outputs;
        }
        boolean sampling = training && layerConf().getSampling() == BinarySampling.BERNOULLI;
        double[] thresholds = sampling ? uniform(z.length) : new double[0];
        for (int i = 0; i < outputs.length; i++) {
            if (!Double.isNaN(smooth[i])) { // NaN must show
                outputs[i] = smooth[i] > (sampling ? thresholds[i] : 0.5) ? 1 : 0;
            }
        }
        return outputs;
    }

    @Override
    double[] derivative(double[] smooth, boolean training) {
        double factor = isConcrete() ? 1 / layerConf().getTemperature() : 1;
        return Arrays.stream(smooth).map(s -> factor * s * (1 - s)).toArray();
    }

    @Override
    int[] indicesOf(double[] outputs) {
        return Arrays.stream(outputs).mapToInt(q -> q > 0.5 ? 1 : 0).toArray();
    }

    private double[] uniform(int n) {
        int width = table().width();
        double[] u = new double[n];
        NoiseStream stream = NoiseStream.of(
                        conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), 0);
        for (int row = 0; row < n / width; row++) {
            stream.uniform(row, u, row * width, width);
        }
        return u;
    }

    @Override
    public CodeTable table() {
        return new BitTable(Math.toIntExact(layerConf().getNIn()));
    }

    @Override
    public UnitAxis unitAxis() {
        return layerConf().unitAxis();
    }
}
