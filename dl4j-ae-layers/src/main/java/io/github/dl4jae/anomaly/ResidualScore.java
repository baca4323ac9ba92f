package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A score that is a function of the residual r = x − x̂ of one example. */
abstract class ResidualScore extends BlockScore {

    ResidualScore(String subject, Autoencoder autoencoder) {
        super(subject, autoencoder);
    }

    /** Returns the score of a residual. */
    abstract double scoreOf(double[] residual);

    /** Returns the attribution of a residual, a new array. */
    abstract double[] attributionOf(double[] residual);

    @Override
    final double[] scoreBlock(INDArray block, int count) {
        return Arrays.stream(residuals(autoencoder, block, count))
                .mapToDouble(this::scoreOf)
                .toArray();
    }

    @Override
    final double[][] attributeBlock(INDArray block, int count) {
        return Arrays.stream(residuals(autoencoder, block, count))
                .map(this::attributionOf)
                .toArray(double[][]::new);
    }

    /** Returns the residuals of examples, {@code [N][values]}. */
    static double[][] residuals(String subject, Autoencoder autoencoder, INDArray examples) {
        Require.given(subject, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
        return ExampleBlocks.map(
                ExampleBlocks.require(subject, examples), (block, count) -> residuals(autoencoder, block, count));
    }

    /** Returns the residuals of the first examples of a block. */
    static double[][] residuals(Autoencoder autoencoder, INDArray block, int count) {
        double[][] x = ExampleBlocks.rows(block, count);
        INDArray reconstruction = autoencoder.reconstruct(block);
        if (reconstruction.length() != block.length()) {
            throw new IllegalArgumentException("AnomalyScore: reconstructions must have the values of the examples "
                    + Arrays.toString(block.shape()) + ", got " + Arrays.toString(reconstruction.shape())
                    + "; a score needs the output that reconstructs the input, not parameters of a distribution");
        }
        double[][] found = ExampleBlocks.rows(reconstruction, count);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < x[i].length; j++) {
                x[i][j] -= found[i][j];
            }
        }
        return x;
    }
}
