package io.github.dl4jae.selection;

import io.github.dl4jae.internal.kernel.RowGather;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What a classifier makes of selected columns: any network of Deeplearning4j, trained on some examples and evaluated on others.
 *
 * <pre>{@code
 * double accuracy = new SupervisedHead(configuration, 100, 64, 7).evaluate(train, trainLabels, test, testLabels).accuracy();
 * }</pre>
 *
 * @param configuration of a classifier that takes the columns and gives a probability per class; a fresh network of it is trained every time
 * @param epochs at least 1
 * @param batch at least 1
 * @param seed of the order of the examples
 */
public record SupervisedHead(MultiLayerConfiguration configuration, int epochs, int batch, long seed) {

    /**
     * Creates the head.
     *
     * @param configuration of a classifier
     * @param epochs at least 1
     * @param batch at least 1
     * @param seed of the order of the examples
     * @throws IllegalArgumentException if a number is below 1
     * @throws NullPointerException if there is no configuration
     */
    public SupervisedHead {
        Objects.requireNonNull(
                configuration, "SupervisedHead: the configuration of a classifier must be given, got null");
        if (epochs < 1 || batch < 1) {
            throw new IllegalArgumentException("SupervisedHead: epochs and batch must be at least 1, got " + epochs
                    + " and " + batch + "; raise them");
        }
    }

    /**
     * Trains and evaluates.
     *
     * @param train {@code [N, k]}
     * @param trainLabels {@code [N, classes]}, one-hot
     * @param test {@code [M, k]}
     * @param testLabels {@code [M, classes]}, one-hot
     * @return the evaluation on the test examples: accuracy, confusion matrix and so on
     * @throws IllegalArgumentException if shapes do not fit together
     */
    public Evaluation evaluate(INDArray train, INDArray trainLabels, INDArray test, INDArray testLabels) {
        SelectionChecks.requireExamples("SupervisedHead", train);
        SelectionChecks.requireExamples("SupervisedHead", test);
        if (train.size(0) != trainLabels.size(0)
                || test.size(0) != testLabels.size(0)
                || train.size(1) != test.size(1)
                || trainLabels.size(1) != testLabels.size(1)) {
            throw new IllegalArgumentException("SupervisedHead: examples and labels must fit together, got "
                    + Arrays.toString(train.shape()) + " with " + Arrays.toString(trainLabels.shape()) + " and "
                    + Arrays.toString(test.shape()) + " with " + Arrays.toString(testLabels.shape())
                    + "; rows are examples, and both have the same columns");
        }
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        ShuffledBatches batches = new ShuffledBatches(train.size(0), batch, seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int step = 0; step < batches.perEpoch(); step++) {
                int[] rows = batches.next();
                network.fit(new DataSet(RowGather.of(train, rows), RowGather.of(trainLabels, rows)));
            }
            network.incrementEpochCount();
        }
        Evaluation evaluation = new Evaluation();
        evaluation.eval(testLabels, network.output(test));
        return evaluation;
    }
}
