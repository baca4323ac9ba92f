package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.updater.FastAdam;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** The way from fast layers to stock layers, and from {@code FastAdam} to {@code Adam}. */
final class StockLayers implements UnaryOperator<Layer> {

    /** The names of layers whose weights a {@link TransposedDenseLayer} reads. */
    private final Set<String> tied = new HashSet<>();

    /**
     * Creates the operator for a network.
     *
     * @param layers all layers of the network
     */
    StockLayers(Stream<Layer> layers) {
        layers.forEach(layer -> FastLayers.replace(layer.clone(), this::noteTies));
    }

    private Layer noteTies(Layer layer) {
        if (layer instanceof TransposedDenseLayer transposed) {
            tied.add(transposed.getTiedTo());
        }
        return layer;
    }

    /**
     * Returns the stock equivalent of a fast layer, or any other layer itself, with stock updaters.
     *
     * @throws IllegalArgumentException if the stock layer would compute something else
     */
    @Override
    public Layer apply(Layer layer) {
        if (layer instanceof BaseLayer trained) {
            trained.setIUpdater(stock(trained.getIUpdater()));
            trained.setBiasUpdater(stock(trained.getBiasUpdater()));
        } else if (layer instanceof AbstractSameDiffLayer trained) {
            trained.setUpdater(stock(trained.getUpdater()));
            trained.setBiasUpdater(stock(trained.getBiasUpdater()));
        }
        if (tied.contains(layer.getLayerName())) {
            return layer;
        }
        Layer stock = LayerPair.stock(layer);
        if (stock.getClass() != layer.getClass()) {
            requireSameOutputs(LayerSubject.of(layer), stock);
        }
        return stock;
    }

    private static @Nullable IUpdater stock(@Nullable IUpdater updater) {
        return updater instanceof FastAdam fast ? fast.toAdam() : updater;
    }

    private static void requireSameOutputs(String subject, Layer stock) {
        if (stock instanceof SubsamplingLayer pooling) {
            Require.that(
                    pooling.getPoolingType() != PoolingType.SUM,
                    subject,
                    "poolingType must be one that the stock layer computes",
                    pooling.getPoolingType(),
                    "pool averages and multiply the weights that follow by the size of the kernel");
        } else if (stock instanceof BatchNormalization normalization && normalization.isLockGammaBeta()) {
            double gamma = normalization.getGamma();
            double beta = normalization.getBeta();
            Require.that(
                    (gamma == 1) == (beta == 0),
                    subject,
                    "the stock layer ignores locked gamma and beta unless gamma differs from 1 and beta from 0",
                    gamma + " and " + beta,
                    "keep the fast layer");
        }
    }
}
