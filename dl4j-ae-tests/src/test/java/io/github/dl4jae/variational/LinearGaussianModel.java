package io.github.dl4jae.variational;

import io.github.dl4jae.likelihood.LossGaussian;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A linear Gaussian model, whose likelihood has a closed form. */
final class LinearGaussianModel {
    static final double[][] LOADINGS = {{0.9, -0.4, 0.5, 0.1}, {0.7, 0.6, 0.1, -0.8}}; // not orthogonal

    static final double[] CENTER = {0.1, -0.2, 0.3, 0};

    static final double DEVIATION = 0.6;

    /**
     * Probabilistic PCA: x = z·V + c + s·n. The decoder is exact; the encoder is the exact mean of p(z|x), with the
     * diagonal of its covariance
     * times a factor: no posterior of this family is exact, since V is not orthogonal.
     */
    static MultiLayerNetwork probabilisticPca(double varianceFactor) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(4)
                        .nOut(2)
                        .build())
                .layer(new OutputLayer.Builder(new LossGaussian(DEVIATION))
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        INDArray v = Nd4j.createFromArray(LOADINGS);
        INDArray c = Nd4j.createFromArray(new double[][] {CENTER});
        // M = V Vᵀ + s² I, mean = (x − c) Vᵀ M⁻¹, covariance = s² M⁻¹
        INDArray m =
                v.mmul(v.transpose()).addi(Nd4j.eye(2).castTo(DataType.DOUBLE).muli(DEVIATION * DEVIATION));
        double determinant = m.getDouble(0, 0) * m.getDouble(1, 1) - m.getDouble(0, 1) * m.getDouble(1, 0);
        INDArray inverse = Nd4j.createFromArray(
                        new double[][] {{m.getDouble(1, 1), -m.getDouble(0, 1)}, {-m.getDouble(1, 0), m.getDouble(0, 0)}
                        })
                .divi(determinant);
        INDArray toMean = v.transpose().mmul(inverse); // [4,2]
        INDArray w = Nd4j.zeros(DataType.DOUBLE, 4, 4);
        w.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).assign(toMean);
        INDArray shift = c.mmul(toMean).negi();
        network.setParam("0_W", w);
        network.setParam("0_b", Nd4j.createFromArray(new double[][] {
            {
                shift.getDouble(0),
                shift.getDouble(1),
                Math.log(varianceFactor * DEVIATION * DEVIATION * inverse.getDouble(0, 0)),
                Math.log(varianceFactor * DEVIATION * DEVIATION * inverse.getDouble(1, 1))
            }
        }));
        network.setParam("1_W", v);
        network.setParam("1_b", c);
        return network;
    }

    private LinearGaussianModel() {}
}
