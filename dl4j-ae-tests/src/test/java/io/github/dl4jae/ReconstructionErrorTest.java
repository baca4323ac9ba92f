package io.github.dl4jae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.SyntheticDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class ReconstructionErrorTest {

    /** Reconstructs everything as zeros of the given shape. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record ZeroAutoencoder(long... shape) implements Autoencoder {
        @Override
        public INDArray encode(INDArray examples) {
            return examples;
        }

        @Override
        public INDArray decode(INDArray codes) {
            return Nd4j.zeros(shape);
        }

        @Override
        public INDArray reconstruct(INDArray examples) {
            return decode(examples);
        }
    }

    @Test
    void errors_ofReconstructionsByZero_areSquaredNorms() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 0.5f}});

        assertThat(ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 2), x))
                .containsExactly(5, 9.25);
        assertThat(ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 2), x.reshape(2, 1, 1, 2)))
                .containsExactly(5, 9.25);
    }

    @Test
    void mean_overMinibatchesOfDifferentSize_isThatOfAll() {
        var images = SyntheticDigits.generate(50, 1);
        Autoencoder pca = PcaAutoencoder.fit(images.features(), 5);
        double sum = 0;
        for (double error : ReconstructionError.squaredPerExample(pca, images.features())) {
            sum += error;
        }

        assertThat(ReconstructionError.meanSquared(pca, images.iterator(16).build()))
                .isCloseTo(sum / 50, within(1e-6));
    }

    @Test
    void reconstructions_ofAnotherSize_areRefused() {
        assertThatThrownBy(() -> ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 3), Nd4j.ones(2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the features of the examples [2, 2], got [2, 3]");
    }

    /** A corrupted iterator has noisy features and clean labels; a normalizer may change features alone. */
    @Test
    void labels_inTheShapeOfReconstructions_areWhatCounts() {
        INDArray noisy = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 0.5f}});
        INDArray clean = Nd4j.createFromArray(new float[][] {{1, 1}, {2, 0}});
        DataSet data = new DataSet(noisy, clean);
        Autoencoder zero = new ZeroAutoencoder(2, 2);

        assertThat(ReconstructionError.squaredPerExample(zero, data)).containsExactly(2, 4);
        assertThat(ReconstructionError.meanSquared(zero, new SingletonDataSetIterator(data)))
                .isEqualTo(3);
    }

    @Test
    void labels_thatAreClasses_doNotCount() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 0.5f}});
        DataSet data = new DataSet(x, Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 0, 1}}));

        assertThat(ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 2), data))
                .containsExactly(5, 9.25);
    }

    /** Squares of half-precision numbers above 255 are beyond their range. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"HALF", "BFLOAT16", "INT", "LONG", "DOUBLE"})
    void examples_ofOtherTypes_areComparedInFloat64(DataType type) {
        INDArray x = Nd4j.createFromArray(new float[][] {{512, 4}, {256, 0}}).castTo(type);

        assertThat(ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 2), x))
                .containsExactly(512 * 512 + 16, 256 * 256);
    }
}
