package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Behavior on real images: twenty latents, four epochs of 20,000 MNIST images. */
@Tag("slow")
class VariationalOnMnistTest {

    private static MultiLayerNetwork trained(GaussianLatentLayer.Builder latents, LabeledImages images) {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(784)
                        .nOut(256)
                        .inputGradient(false)
                        .build())
                .layer(latents.name("z").nIn(256).nOut(20).build())
                .layer(new FastDenseLayer.Builder().nIn(20).nOut(256).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(256)
                        .nOut(784)
                        .activation(Activation.SIGMOID)
                        .build()));
        network.fit(images.iterator(100).shuffle(1).build(), 4);
        return network;
    }

    @Test
    void bound_code_andSamples_areThoseOfDigits() {
        LabeledImages images = RealImages.mnistTrain().first(20_000);
        INDArray test = RealImages.mnistTest().first(500).features();
        VariationalModel model = VariationalModel.of(trained(new GaussianLatentLayer.Builder(), images), "z");
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(model, test, 50, 1);

        assertThat(-evidence.elbo()).isBetween(100.0, 128.0); // an untrained one is at 550, the mean image at 207
        assertThat(evidence.negativeLogLikelihood()).isLessThan(-evidence.elbo() - 2);
        assertThat(evidence.klDivergence()).isBetween(12.0, 35.0);
        assertThat(evidence.activeUnits()).isGreaterThan(8);

        // samples of the prior are about as bright as digits, and differ from each other
        INDArray samples = model.decode(model.samplePrior(200, 1));
        double brightness = test.meanNumber().doubleValue();
        assertThat(samples.meanNumber().doubleValue()).isBetween(0.7 * brightness, 1.3 * brightness);
        assertThat(samples.std(0).meanNumber().doubleValue()).isGreaterThan(0.05);

        // a larger weight leaves less information
        VariationalModel heavy = VariationalModel.of(trained(new GaussianLatentLayer.Builder().beta(4), images), "z");
        LikelihoodEstimate ofHeavy = LikelihoodEstimate.estimate(heavy, test, 1, 1);
        assertThat(ofHeavy.klDivergence()).isLessThan(evidence.klDivergence() - 5);
        assertThat(ofHeavy.reconstruction()).isLessThan(evidence.reconstruction() - 5);
    }
}
