package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A score that is a function of the code h = f(x) of one example.
 *
 * <pre>
 * a_j = s(x) − s(x with x_j replaced by x̂_j)
 * </pre>
 */
abstract class LatentScore extends BlockScore {

    LatentScore(String subject, Autoencoder autoencoder) {
        super(subject, autoencoder);
    }

    /** Returns the score of a code. */
    abstract double scoreOf(double[] code);

    @Override
    final double[] scoreBlock(INDArray block, int count) {
        return Arrays.stream(ExampleBlocks.rows(autoencoder.encode(block), count))
                .mapToDouble(this::scoreOf)
                .toArray();
    }

    @Override
    final double[][] attributeBlock(INDArray block, int count) {
        return Occlusion.attribute(block, autoencoder.reconstruct(block), count, this::scoreBlock);
    }

    /** Returns the codes of examples, {@code [N][code]}. */
    static double[][] codes(String subject, Autoencoder autoencoder, INDArray examples) {
        Require.given(subject, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
        return ExampleBlocks.map(
                ExampleBlocks.require(subject, examples),
                (block, count) -> ExampleBlocks.rows(autoencoder.encode(block), count));
    }
}
