package io.github.dl4jae.selection;

import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * An evaluation of selected columns by a classifier or a regression, which is trained on some examples and tested on
 * others.
 *
 * <pre>{@code
 * ClassificationScore score =
 *         new SupervisedHead(configuration, 100, 64, 7).classify(train, trainLabels, test, testLabels);
 * }</pre>
 *
 * @param configuration the configuration of a network from the columns to class probabilities, or to a number; each
 *     evaluation trains a new network
 * @param epochs the number of epochs, at least 1
 * @param batch the number of examples in a mini-batch, at least 1
 * @param seed the seed of the order of examples
 */
public record SupervisedHead(MultiLayerConfiguration configuration, int epochs, int batch, long seed) {

    /**
     * Creates the evaluation.
     *
     * @param configuration the configuration of a classifier or a regression
     * @param epochs the number of epochs
     * @param batch the number of examples in a mini-batch
     * @param seed the seed of the order of examples
     * @throws IllegalArgumentException if the configuration is null, or a number is below 1
     */
    public SupervisedHead {
        Require.given("SupervisedHead", "configuration", configuration, "use the configuration of a classifier");
        Require.that(
                epochs >= 1 && batch >= 1,
                "SupervisedHead",
                "epochs and batch must be at least 1",
                epochs + " and " + batch,
                "");
    }

    /**
     * Trains and evaluates a classifier.
     *
     * @param train {@code [N, k]}
     * @param trainLabels {@code [N, classes]}, one-hot
     * @param test {@code [M, k]}
     * @param testLabels {@code [M, classes]}, one-hot
     * @return the score of the test examples
     * @throws IllegalArgumentException if the shapes do not match, or examples are empty or not finite
     */
    public ClassificationScore classify(INDArray train, INDArray trainLabels, INDArray test, INDArray testLabels) {
        requireExamples(train, trainLabels, test, testLabels);
        Require.that(
                testLabels.size(1) >= 2,
                "SupervisedHead",
                "labels must be one-hot, with a column for each of two or more classes",
                Arrays.toString(testLabels.shape()),
                "use regress for a quantity");
        return ClassificationScore.compute(
                testLabels, trained(train, trainLabels).output(test));
    }

    /**
     * Trains and evaluates a regression. The network learns standardized targets, with the mean and deviation of the
     * training examples.
     *
     * @param train {@code [N, k]}
     * @param trainTargets {@code [N, 1]}, in any unit
     * @param test {@code [M, k]}
     * @param testTargets {@code [M, 1]}
     * @return the score of the test examples, in the unit of the targets
     * @throws IllegalArgumentException if the shapes do not match, or examples are empty or not finite
     */
    public RegressionScore regress(INDArray train, INDArray trainTargets, INDArray test, INDArray testTargets) {
        requireExamples(train, trainTargets, test, testTargets);
        double mean = trainTargets.meanNumber().doubleValue();
        double spread = trainTargets.stdNumber(false).doubleValue();
        double deviation = spread > 0 ? spread : 1; // of constant targets
        MultiLayerNetwork network = trained(train, trainTargets.sub(mean).divi(deviation));
        INDArray predictions = network.output(test).mul(deviation).addi(mean);
        return RegressionScore.compute(testTargets, predictions, mean);
    }

    private static void requireExamples(INDArray train, INDArray trainLabels, INDArray test, INDArray testLabels) {
        SelectionChecks.requireExamples("SupervisedHead", train);
        SelectionChecks.requireExamples("SupervisedHead", test);
        Require.that(
                train.size(0) == trainLabels.size(0)
                        && test.size(0) == testLabels.size(0)
                        && train.size(1) == test.size(1)
                        && trainLabels.size(1) == testLabels.size(1),
                "SupervisedHead",
                "examples and labels must fit together",
                Arrays.toString(train.shape()) + " with " + Arrays.toString(trainLabels.shape()) + " and "
                        + Arrays.toString(test.shape()) + " with " + Arrays.toString(testLabels.shape()),
                "give one row per example, and the same columns for training and testing");
    }

    private MultiLayerNetwork trained(INDArray train, INDArray labels) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        ShuffledBatches batches = new ShuffledBatches(train.size(0), batch, seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int step = 0; step < batches.perEpoch(); step++) {
                int[] rows = batches.next();
                network.fit(new DataSet(RowGather.of(train, rows), RowGather.of(labels, rows)));
            }
            network.incrementEpochCount();
        }
        return network;
    }
}
