package io.github.dl4jae.denoising;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Training and scoring with a {@link CorruptedIterator}. */
class CorruptedTrainingTest {

    private static final INDArray X = Nd4j.rand(DataType.FLOAT, 60, 8);

    static Stream<IDropout> corruptions() {
        return Stream.of(new GaussianCorruption(0.3, 5), new MaskingNoise(0.4, 6), new SaltAndPepperNoise(0.3, 7));
    }

    private static DataSetIterator clean() {
        return new ListDataSetIterator<>(new DataSet(X, X).asList(), 20);
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(4)
                .updater(new Adam(0.01))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(8)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(5)
                        .nOut(8)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** The validation reads another iterator between two epochs, and draws no noise of the training. */
    private static EarlyStoppingResult<MultiLayerNetwork> stopped(IDropout corruption) {
        EarlyStoppingConfiguration<MultiLayerNetwork> stopping = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(new CorruptedIterator(clean(), corruption), true))
                .evaluateEveryNEpochs(1)
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        return new EarlyStoppingTrainer(stopping, network(), new CorruptedIterator(clean(), corruption)).fit();
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void earlyStopping_isReproducible(IDropout corruption) {
        EarlyStoppingResult<MultiLayerNetwork> one = stopped(corruption);
        EarlyStoppingResult<MultiLayerNetwork> other = stopped(corruption.clone());

        assertThat(one.getScoreVsEpoch()).isEqualTo(other.getScoreVsEpoch());
        assertThat(one.getBestModelEpoch()).isEqualTo(other.getBestModelEpoch());
        assertThat(one.getBestModel().params()).isEqualTo(other.getBestModel().params());
        assertThat(one.getScoreVsEpoch()).as("each epoch has noise of its own").hasSize(4);
    }

    /** Σ_j (x_j − x̂_j)² in plain Java, where x̂ is the reconstruction of the noisy example. */
    @Test
    void reconstructionError_isThatOfTheCleanExamples() {
        IDropout corruption = new SaltAndPepperNoise(0.5, 7);
        Autoencoder autoencoder = Autoencoders.of(network(), 0);
        CorruptedIterator noisy = new CorruptedIterator(clean(), corruption);
        double sum = 0;
        double againstNoise = 0;
        for (int batch = 0; noisy.hasNext(); batch++) {
            INDArray features = noisy.next().getFeatures();
            INDArray found = autoencoder.reconstruct(features);
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 8; j++) {
                    double value = found.getDouble(i, j);
                    sum += Math.pow(X.getDouble(20 * batch + i, j) - value, 2);
                    againstNoise += Math.pow(features.getDouble(i, j) - value, 2);
                }
            }
        }

        assertThat(ReconstructionError.meanSquared(autoencoder, new CorruptedIterator(clean(), corruption)))
                .isCloseTo(sum / 60, within(1e-5))
                .isNotCloseTo(againstNoise / 60, within(0.05));
    }
}
