package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.EpochOrder;
import io.github.dl4jae.recurrent.FastGruLayer;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A recurrent network that is trained after the model, to score its series. */
final class PostHoc {

    private static final int FEWEST_UNITS = 8;

    private final PostHocOptions options;
    private final long seed;
    private final int features;

    /** Describes the network of a repetition. */
    PostHoc(PostHocOptions options, int repetition, int features) {
        this.options = options;
        this.seed = options.seed() + repetition;
        this.features = features;
    }

    private int units() {
        return options.units() > 0 ? options.units() : Math.max(FEWEST_UNITS, features);
    }

    /** Refuses generated series that do not have the shape of the real ones. */
    static void requireAlike(String subject, INDArray real, INDArray generated) {
        SeriesScaler.requireSeries(subject, real);
        SeriesScaler.requireSeries(subject, generated);
        Require.that(
                real.size(1) == generated.size(1) && real.size(2) == generated.size(2),
                subject,
                "generated series must have the features and steps of the real ones, " + Arrays.toString(real.shape()),
                Arrays.toString(generated.shape()),
                "");
    }

    /** Returns series scaled by the range of the real ones, in the order of the layers. */
    static INDArray scaled(SeriesScaler scaler, INDArray series) {
        return scaler.scale(series).castTo(DataType.FLOAT).dup('c');
    }

    /** Returns a random order of examples. */
    int[] order(long count) {
        int all = Math.toIntExact(count);
        return new EpochOrder(all, true, seed, 0).next(all);
    }

    /**
     * Trains a network.
     *
     * @param everyStep whether the output has each step, or the last one
     * @param output the output layer
     * @param x {@code [N, F, T]} in 'c' order
     * @param labels of the output
     */
    MultiLayerNetwork train(boolean everyStep, Layer output, INDArray x, INDArray labels) {
        FastGruLayer.Builder recurrent = new FastGruLayer.Builder();
        Layer gru = recurrent.nOut(units()).activation(Activation.TANH).build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.XAVIER_UNIFORM)
                .updater(new FastAdam(options.learningRate()))
                .list()
                .layer(everyStep ? gru : new LastTimeStep(gru))
                .layer(output)
                .setInputType(InputType.recurrent(features, x.size(2)))
                .build());
        network.init();
        new Trainer.Builder(network, new SeriesBatches(x, labels, options.batch(), seed).training())
                .steps(options.steps())
                .build()
                .fit();
        return network;
    }
}
