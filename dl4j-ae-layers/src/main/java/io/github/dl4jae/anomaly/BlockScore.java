package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A score that is computed from blocks of examples of one shape. */
abstract class BlockScore implements AnomalyScore {

    final Autoencoder autoencoder;

    BlockScore(String subject, Autoencoder autoencoder) {
        this.autoencoder = Require.given(
                subject, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
    }

    /** Returns the scores of the first examples of a block. */
    abstract double[] scoreBlock(INDArray block, int count);

    /** Returns the attribution of the first examples of a block, {@code [count][values]}. */
    abstract double[][] attributeBlock(INDArray block, int count);

    @Override
    public final double[] score(INDArray examples) {
        double[] scores =
                new double[(int) ExampleBlocks.require(name(), examples).size(0)];
        ExampleBlocks.forEach(examples, (block, from, count) -> {
            double[] some = scoreBlock(block, count);
            for (int i = 0; i < count; i++) {
                scores[from + i] = Double.isNaN(some[i]) ? Double.POSITIVE_INFINITY : some[i];
            }
        });
        return scores;
    }

    @Override
    public final INDArray attribution(INDArray examples) {
        return Attributions.inBlocks(ExampleBlocks.require(name(), examples), this::attributeBlock);
    }

    @Override
    public String toString() {
        return name() + " of " + autoencoder;
    }
}
