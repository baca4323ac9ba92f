package io.github.dl4jae.sparse;

import static io.github.dl4jae.sparse.PenaltyNetworks.base;
import static io.github.dl4jae.sparse.PenaltyNetworks.layer;
import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.sequenceOutput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.SquaredSparsityPenalty;
import io.github.dl4jae.testing.DefaultType;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class ActivityRegularizationOfSequencesTest {
    private static DataSet ragged() {
        Nd4j.getRandom().setSeed(5);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {1, 1, 1}});
        return new DataSet(Nd4j.rand(DataType.DOUBLE, 4, 3, 3), Nd4j.rand(DataType.DOUBLE, 4, 2, 3), mask, mask.dup());
    }

    private static MultiLayerNetwork timeDistributed(ActivityPenalty penalty) {
        return initialized(base().list()
                .layer(new LSTM.Builder().nOut(3).activation(Activation.TANH).build())
                .layer(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.SIGMOID)
                        .build())
                .layer(layer(penalty))
                .layer(new DenseLayer.Builder()
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(sequenceOutput(new LossMSE(), 2, Activation.TANH))
                .setInputType(InputType.recurrent(3, 3)));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.PenaltyNetworks#penalties")
    void gradient_afterRnnPreprocessorsWithRaggedMasks_isRight(ActivityPenalty penalty) {
        DataSet data = ragged();

        requireGradient(timeDistributed(penalty), data);
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.PenaltyNetworks#penalties")
    void gradient_inAGraphAfterRnnPreprocessorsWithRaggedMasks_isRight(ActivityPenalty penalty) {
        DataSet data = ragged();
        ComputationGraph graph = timeDistributed(penalty).toComputationGraph();

        requireGradient(graph, data);
    }

    /** The score minus the score without the penalty: 4 sequences, 9 unmasked steps. */
    @Test
    void score_onRaggedSequences_sumsOverUnmaskedStepsAndDividesBySequences() {
        DataSet data = ragged();
        double without = timeDistributed(new L1Penalty(0)).score(data, true);
        INDArray a = timeDistributed(new L1Penalty(0))
                .feedForward(data.getFeatures(), data.getFeaturesMaskArray(), null)
                .get(3); // [4,4,3], zero or not in masked steps
        INDArray mask = data.getFeaturesMaskArray();
        double sum = 0;
        double[] unitSums = new double[4];
        for (int example = 0; example < 4; example++) {
            for (int step = 0; step < 3; step++) {
                for (int unit = 0; unit < 4; unit++) {
                    double counted = mask.getDouble(example, step) * a.getDouble(example, unit, step);
                    sum += counted;
                    unitSums[unit] += counted;
                }
            }
        }
        double squaredDistances = 0;
        for (double unitSum : unitSums) {
            squaredDistances += Math.pow(unitSum / 9 - 0.05, 2);
        }

        assertThat(timeDistributed(new L1Penalty(0.7)).score(data, true) - without)
                .isCloseTo(0.7 * sum / 4, within(1e-12));
        assertThat(timeDistributed(new SquaredSparsityPenalty(0.05, 2)).score(data, true) - without)
                .isCloseTo(2 * squaredDistances, within(1e-12));
    }

    @Test
    void score_withPreprocessorsPutInByHand_knowsTheNumberOfSequences() {
        DataSet data = ragged();
        NeuralNetConfiguration.ListBuilder byHand = base().list()
                .layer(new LSTM.Builder()
                        .nIn(3)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(dense(3, 4, Activation.SIGMOID))
                .layer(layer(new L1Penalty(0.7)))
                .layer(dense(4, 3, Activation.TANH))
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .inputPreProcessor(1, new RnnToFeedForwardPreProcessor())
                .inputPreProcessor(4, new FeedForwardToRnnPreProcessor());
        MultiLayerNetwork network = initialized(byHand);

        assertThat(network.score(data, true))
                .isCloseTo(timeDistributed(new L1Penalty(0.7)).score(data, true), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.PenaltyNetworks#penalties")
    void gradient_onImagesThatAreTimeSteps_isRight(ActivityPenalty penalty) {
        MultiLayerNetwork network = initialized(base().convolutionMode(ConvolutionMode.Truncate)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nIn(1)
                        .nOut(2)
                        .activation(Activation.SIGMOID)
                        .build())
                .layer(layer(penalty))
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(8)
                        .nOut(2)
                        .dataFormat(RNNFormat.NCW)
                        .activation(Activation.TANH)
                        .build())
                .inputPreProcessor(0, new RnnToCnnPreProcessor(3, 3, 1))
                .inputPreProcessor(2, new CnnToRnnPreProcessor(2, 2, 2)));
        Nd4j.getRandom().setSeed(6);

        requireGradient(network, Nd4j.rand(DataType.DOUBLE, 2, 9, 5), Nd4j.rand(DataType.DOUBLE, 2, 2, 5));
    }

    private static double scoreOfMaskedImages(double weight) {
        MultiLayerNetwork network = initialized(base().list()
                .layer(layer(new L1Penalty(weight)))
                .layer(new OutputLayer.Builder(new LossL2())
                        .nOut(1)
                        .activation(Activation.TANH)
                        .build())
                .setInputType(InputType.convolutional(2, 2, 3)));
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}});
        return network.score(
                new DataSet(Nd4j.ones(DataType.DOUBLE, 2, 3, 2, 2), Nd4j.zeros(DataType.DOUBLE, 2, 1), mask, null));
    }

    @Test
    void imageMask_perExample_leavesMaskedImagesOut() {
        // one image of two counts: 3 channels · 4 pixels of magnitude 1, divided by 2 images
        assertThat(scoreOfMaskedImages(1) - scoreOfMaskedImages(0)).isCloseTo(6, within(1e-9));
    }
}
