package io.github.dl4jae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.SyntheticDigits;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ReconstructionErrorTest {

    /** Reconstructs everything by zero, in the shape that it is told. */
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
                .hasMessageContaining("must have the features of the examples [2, 2], got [2, 3]");
    }
}
