package io.github.dl4jae.examples.bench;

import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.contractive.ContractiveLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.JumpReLUEncoder;
import io.github.dl4jae.dictionary.TopKEncoder;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Builds the network of a case from layers of this library or of stock Deeplearning4j. */
final class BenchNetworks {

    private static final int LATENT_LAYER = 1;
    private static final double JUMPRELU_WEIGHT = 1e-3;

    private BenchNetworks() {}

    static MultiLayerNetwork create(BenchCase shape, boolean ours) {
        return switch (shape.kind) {
            case CONV, CONV_VAE -> ConvolutionalNetworks.create(shape.kind == BenchCase.Kind.CONV_VAE, ours);
            case LSTM, SEQ2SEQ -> RecurrentNetworks.create(shape.kind, ours);
            case DICTIONARY -> ours ? dictionary(shape) : dense(shape, false);
            case VAE -> ours ? dense(shape, true) : stockVae(shape);
            default -> dense(shape, ours);
        };
    }

    /** Returns noise in the shape of the case's input, uniform or random symbols; the labels are the features. */
    static DataSet data(BenchCase shape, int examples) {
        if (shape.kind == BenchCase.Kind.LSTM || shape.kind == BenchCase.Kind.SEQ2SEQ) {
            INDArray sequences = RecurrentNetworks.data(shape.kind, examples);
            return new DataSet(sequences, sequences);
        }
        INDArray x = Nd4j.rand(DataType.FLOAT, examples, shape.sizes[0]);
        return shape.kind == BenchCase.Kind.CONV || shape.kind == BenchCase.Kind.CONV_VAE
                ? new DataSet(x, x.reshape(examples, 1, 28, 28))
                : new DataSet(x, x);
    }

    private static MultiLayerNetwork dense(BenchCase shape, boolean ours) {
        int[] n = shape.sizes;
        int hidden = n.length - 2;
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.XAVIER)
                .updater(ours ? new FastAdam(1e-3) : new Adam(1e-3))
                .list();
        for (int i = 0; i < hidden; i++) {
            if (shape.kind == BenchCase.Kind.VAE && i == LATENT_LAYER) {
                layers.layer(new GaussianLatentLayer.Builder()
                        .nIn(n[i])
                        .nOut(n[i + 1])
                        .build());
            } else if (ours && shape.kind == BenchCase.Kind.CONTRACTIVE) {
                layers.layer(new ContractiveLayer.Builder()
                        .nIn(n[i])
                        .nOut(n[i + 1])
                        .activation(Activation.SIGMOID)
                        .contraction(0.1)
                        .inputGradient(false)
                        .build());
            } else if (ours && shape.kind == BenchCase.Kind.CONCRETE) {
                layers.layer(new ConcreteSelectorLayer.Builder()
                        .nIn(n[i])
                        .nOut(n[i + 1])
                        .temperature(1)
                        .inputGradient(false)
                        .build());
            } else if (ours) {
                layers.layer(fastDense(shape, i));
            } else {
                layers.layer(stockDense(shape, i));
            }
        }
        layers.layer(ours ? fastOutput(shape) : stockOutput(shape));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /** One layer; k = 0 stands for JumpReLU. */
    private static MultiLayerNetwork dictionary(BenchCase shape) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new DictionaryLayer.Builder()
                        .nIn(shape.sizes[0])
                        .nOut(shape.sizes[2])
                        .units(shape.sizes[1])
                        .encoder(shape.k == 0 ? JumpReLUEncoder.step(JUMPRELU_WEIGHT) : new TopKEncoder(shape.k))
                        .build())
                .build());
        network.init();
        return network;
    }

    /** The stock layer is encoder, code and decoder in one; a step is a step of its pretraining. */
    private static MultiLayerNetwork stockVae(BenchCase shape) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(1e-3))
                .list()
                .layer(new VariationalAutoencoder.Builder()
                        .nIn(shape.sizes[0])
                        .encoderLayerSizes(shape.sizes[1])
                        .nOut(shape.sizes[2])
                        .decoderLayerSizes(shape.sizes[3])
                        .activation(Activation.RELU)
                        .pzxActivationFunction(Activation.IDENTITY)
                        .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.SIGMOID))
                        .build())
                .build());
        network.init();
        return network;
    }

    private static FastDenseLayer fastDense(BenchCase shape, int i) {
        FastDenseLayer.Builder layer = new FastDenseLayer.Builder()
                .nIn(shape.sizes[i])
                .nOut(shape.sizes[i + 1])
                .inputGradient(i > 0);
        return shape.kind == BenchCase.Kind.TOP_K
                ? layer.activation(new ActivationTopK(shape.k)).build()
                : layer.activation(Activation.RELU).build();
    }

    /** Stock Deeplearning4j lacks top-k, contraction and selectors; its layer of the same size is dense. */
    private static DenseLayer stockDense(BenchCase shape, int i) {
        return new DenseLayer.Builder()
                .nIn(shape.sizes[i])
                .nOut(shape.sizes[i + 1])
                .hasBias(shape.kind != BenchCase.Kind.CONCRETE)
                .activation(
                        switch (shape.kind) {
                            case TOP_K, DICTIONARY, CONCRETE -> Activation.IDENTITY;
                            case CONTRACTIVE -> Activation.SIGMOID;
                            default -> Activation.RELU;
                        })
                .build();
    }

    private static boolean isSquared(BenchCase shape) {
        return switch (shape.kind) {
            case TOP_K, DICTIONARY, CONCRETE -> true;
            default -> false;
        };
    }

    private static FastOutputLayer fastOutput(BenchCase shape) {
        boolean squared = isSquared(shape);
        // with a variance of 1/2, the gradient is that of the sum of squares
        return new FastOutputLayer.Builder(squared ? new LossGaussian(Math.sqrt(0.5)) : new LossBernoulli())
                .sparseInput(shape.kind == BenchCase.Kind.TOP_K)
                .rowMajorWeights(shape.kind == BenchCase.Kind.TOP_K)
                .nIn(shape.sizes[shape.sizes.length - 2])
                .nOut(shape.sizes[shape.sizes.length - 1])
                .activation(squared ? Activation.IDENTITY : Activation.SIGMOID)
                .build();
    }

    private static OutputLayer stockOutput(BenchCase shape) {
        boolean squared = isSquared(shape);
        return new OutputLayer.Builder(squared ? new LossL2() : new LossBinaryXENT())
                .nIn(shape.sizes[shape.sizes.length - 2])
                .nOut(shape.sizes[shape.sizes.length - 1])
                .activation(squared ? Activation.IDENTITY : Activation.SIGMOID)
                .build();
    }
}
