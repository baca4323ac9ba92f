package io.github.dl4jae.examples.selection;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.selection.ClassificationScore;
import io.github.dl4jae.selection.RegressionScore;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.selection.SupervisedHead;
import io.github.dl4jae.tabular.TableSplit;
import io.github.dl4jae.updater.FastAdam;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A small network that predicts the label of a table from selected columns. */
final class Prediction {

    private static final int HIDDEN = 32;
    private static final int EPOCHS = 30;
    private static final int BATCH = 64;

    private final TableSplit split;
    private final long seed;

    Prediction(TableSplit split, long seed) {
        List<String> classes = split.schema().classes();
        if (!split.schema().isRegression() && classes.size() < 2) {
            throw new IllegalArgumentException("--label must be a column with several classes or numbers, got "
                    + split.schema().targetName() + " with " + classes
                    + " alone; name another column, or leave it out");
        }
        this.split = split;
        this.seed = seed;
    }

    private boolean isRegression() {
        return split.schema().isRegression();
    }

    /** Returns the names of the figures; the last is that of the most frequent class, or of the mean. */
    List<String> headings() {
        return isRegression()
                ? List.of(
                        "R² of " + split.schema().targetName(),
                        "mean absolute error",
                        "mean absolute error of the mean")
                : List.of("balanced accuracy", "ROC AUC", "share of the most frequent class");
    }

    List<String> figures(SelectedFeatures selected) {
        INDArray train = selected.features(split.train());
        INDArray test = selected.features(split.test());
        SupervisedHead head = new SupervisedHead(network((int) train.size(1)), EPOCHS, BATCH, seed);
        INDArray trainLabels = split.train().labels();
        INDArray testLabels = split.test().labels();
        if (isRegression()) {
            RegressionScore score = head.regress(train, trainLabels, test, testLabels);
            return List.of(
                    Report.decimals(3, score.r2()),
                    Report.decimals(3, score.meanAbsoluteError()),
                    Report.decimals(3, score.typicalError()));
        }
        ClassificationScore score = head.classify(train, trainLabels, test, testLabels);
        return List.of(
                Report.decimals(3, score.balancedAccuracy()),
                Report.decimals(3, score.areaUnderRoc()),
                Report.decimals(3, score.majorityShare()));
    }

    private MultiLayerConfiguration network(int inputs) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new FastAdam(5e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .build());
        return (isRegression()
                        ? layers.layer(new FastOutputLayer.Builder(new LossGaussian(1))
                                .nIn(HIDDEN)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build())
                        : layers.layer(new FastOutputLayer.Builder(new LossMCXENT())
                                .nIn(HIDDEN)
                                .nOut(split.schema().classes().size())
                                .activation(Activation.SOFTMAX)
                                .build()))
                .build();
    }
}
