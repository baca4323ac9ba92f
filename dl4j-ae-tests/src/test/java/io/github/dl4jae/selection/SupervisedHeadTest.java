package io.github.dl4jae.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class SupervisedHeadTest {

    private static SupervisedHead head(ILossFunction loss, Activation activation, int outputs) {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(0.05))
                .list()
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(2)
                        .nOut(outputs)
                        .activation(activation)
                        .build())
                .build();
        return new SupervisedHead(configuration, 30, 32, 1);
    }

    private static INDArray examples(int n, int seed) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.randn(DataType.FLOAT, n, 2);
    }

    /** y = 1000 + 200·x₁ − 100·x₂, far from standardized. */
    private static INDArray price(INDArray x) {
        return x.mmul(Nd4j.createFromArray(200f, -100f).reshape(2, 1)).addi(1000);
    }

    @Test
    void linearQuantity_isLearnedInItsUnit() {
        INDArray train = examples(300, 1);
        INDArray test = examples(100, 2);
        RegressionScore score =
                head(new LossMSE(), Activation.IDENTITY, 1).regress(train, price(train), test, price(test));
        assertThat(score.r2()).isGreaterThan(0.999);
        assertThat(score.meanAbsoluteError()).isLessThan(5);
        INDArray offMean = price(test).sub(price(train).meanNumber());
        double expected = offMean.norm1Number().doubleValue() / 100;
        assertThat(score.typicalError()).isCloseTo(expected, within(0.01));
    }

    @Test
    void constantQuantity_hasNoVarianceToExplain() {
        INDArray x = examples(50, 1);
        INDArray y = Nd4j.ones(DataType.FLOAT, 50, 1).muli(7);
        RegressionScore score = head(new LossMSE(), Activation.IDENTITY, 1).regress(x, y, x, y);
        assertThat(score.r2()).isNaN();
        assertThat(score.meanAbsoluteError()).isCloseTo(0, within(0.1));
        assertThat(score.typicalError()).isZero();
    }

    /** 10 of 5,000 are positive, at random: accuracy would be 0.998. */
    @Test
    void rareClassWithoutInformation_isNotPraised() {
        INDArray x = examples(5000, 1);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 5000, 2);
        for (int i = 0; i < 5000; i++) {
            labels.putScalar(i, i % 500 == 0 ? 1 : 0, 1);
        }
        INDArray test = examples(5000, 2);
        ClassificationScore score =
                head(new LossMCXENT(), Activation.SOFTMAX, 2).classify(x, labels, test, labels);
        assertThat(score.majorityShare()).isCloseTo(0.998, within(1e-9));
        assertThat(score.balancedAccuracy()).isCloseTo(0.5, within(1e-9));
        assertThat(score.areaUnderRoc()).isBetween(0.2, 0.8);

        INDArray single = labels.getColumns(1);
        assertThatThrownBy(() -> head(new LossMCXENT(), Activation.SOFTMAX, 2).classify(x, single, test, single))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be one-hot, with a column for each of two or more classes, got"
                        + " [5000, 1]; use regress for a quantity");
    }

    /** The sign of x₁ decides, so the ROC curve encloses nearly all. */
    @Test
    void separableClasses_areRecognized() {
        INDArray train = examples(400, 1);
        INDArray test = examples(400, 2);
        ClassificationScore score =
                head(new LossMCXENT(), Activation.SOFTMAX, 2).classify(train, sign(train), test, sign(test));
        assertThat(score.balancedAccuracy()).isGreaterThan(0.95);
        assertThat(score.areaUnderRoc()).isGreaterThan(0.99);
    }

    private static INDArray sign(INDArray x) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, x.size(0), 2);
        for (int i = 0; i < x.size(0); i++) {
            labels.putScalar(i, x.getDouble(i, 0) > 0 ? 1 : 0, 1);
        }
        return labels;
    }
}
