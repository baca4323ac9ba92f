package io.github.dl4jae.data;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Dynamic binarization, and inputs with conditions. */
class VariationalDataTest {

    private static final LabeledImages DIGITS = SyntheticDigits.generate(300, 1);

    private static INDArray all(ImageIterator iterator) {
        INDArray first = iterator.next().getFeatures();
        while (iterator.hasNext()) {
            first = Nd4j.concat(0, first, iterator.next().getFeatures());
        }
        return first;
    }

    @Tag("slow")
    @Test
    void binarized_pixelsAreZeroOrOne_withTheGrayValueAsProbability() {
        ImageIterator iterator = DIGITS.iterator(100).binarized(5).build();
        INDArray sum = Nd4j.zeros(DataType.FLOAT, 300, 784);
        for (int pass = 0; pass < 40; pass++) {
            INDArray pixels = all(iterator);
            assertThat(pixels.mul(Nd4j.onesLike(pixels).sub(pixels))
                            .amaxNumber()
                            .doubleValue())
                    .isZero();
            sum.addi(pixels);
            iterator.reset();
        }
        INDArray gray = DIGITS.features();
        assertThat(sum.div(40).sub(gray).meanNumber().doubleValue()).isCloseTo(0, within(1e-3));
        INDArray black = gray.eq(0).castTo(DataType.FLOAT);
        INDArray white = gray.eq(1).castTo(DataType.FLOAT);
        assertThat(sum.mul(black).amaxNumber().doubleValue()).isZero();
        assertThat(sum.mul(white).sumNumber().doubleValue())
                .isEqualTo(40 * white.sumNumber().doubleValue());
    }

    @Test
    void binarized_isAnotherDrawInEveryPass_andTheSameAfterAResume() {
        ImageIterator iterator = DIGITS.iterator(100).shuffle(3).binarized(5).build();
        INDArray first = all(iterator);
        iterator.reset();
        INDArray second = all(iterator);
        assertThat(second).isNotEqualTo(first);
        assertThatArray(all(DIGITS.iterator(100)
                        .shuffle(3)
                        .binarized(5)
                        .startEpoch(1)
                        .build()))
                .isEqualTo(second);
        assertThat(all(DIGITS.iterator(100).binarized(6).build()))
                .isNotEqualTo(all(DIGITS.iterator(100).binarized(5).build()));
    }

    /** The pixels of an image do not depend on where it stands, nor on the part that it is in. */
    @Test
    void binarized_dependsOnTheImageAlone() {
        INDArray whole = all(DIGITS.iterator(300).binarized(5).build());
        INDArray part = all(DIGITS.range(100, 200).iterator(7).binarized(5).build());
        assertThatArray(part.getRow(3)).isEqualTo(whole.getRow(103));
    }

    @Test
    void conditional_givesFeaturesAndLabels_andWantsFeaturesBack() {
        ConditionalIterator iterator =
                new ConditionalIterator(DIGITS.iterator(100).withLabels().build());
        MultiDataSet minibatch = iterator.next();
        assertThat(minibatch.getFeatures(0).shape()).containsExactly(100, 784);
        assertThat(minibatch.getFeatures(1).shape()).containsExactly(100, 10);
        assertThat(minibatch.getFeatures(1).getRow(4).argMax().getInt(0)).isEqualTo(DIGITS.label(4));
        assertThatArray(minibatch.getLabels(0)).isEqualTo(minibatch.getFeatures(0));
        assertThat(iterator.next(50).getFeatures(0).size(0)).isEqualTo(50);
        assertThat(iterator.hasNext()).isTrue();
        iterator.reset();
        assertThatArray(iterator.next().getFeatures(0)).isEqualTo(minibatch.getFeatures(0));
    }

    @Test
    void conditional_refusesMasksAndMissingLabels() {
        assertThatThrownBy(() -> new ConditionalIterator(DIGITS.iterator(100).build()).next())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels of their own, got the features themselves");
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3);
        DataSet masked = new DataSet(x, x.dup(), Nd4j.ones(DataType.FLOAT, 2, 1), null);
        assertThatThrownBy(() -> new ConditionalIterator(new ListDataSetIterator<>(List.of(masked))).next())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mini-batches must have no masks");
    }
}
