package io.github.dl4jae.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.testing.RefusesNull;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class PcaAutoencoderCornersTest implements RefusesNull {

    static Stream<Arguments> nulls() {
        PcaAutoencoder pca = PcaAutoencoder.fit(Nd4j.eye(3), 2);
        return Stream.of(
                RefusesNull.call("PcaAutoencoder: examples must be given", () -> PcaAutoencoder.fit(null, 2)),
                RefusesNull.call("PcaAutoencoder: examples must be given", () -> pca.encode(null)),
                RefusesNull.call("PcaAutoencoder: examples must be given", () -> pca.reconstruct(null)),
                RefusesNull.call("PcaAutoencoder: codes must be given", () -> pca.decode(null)));
    }

    @Test
    void text_hasTheWidths() {
        assertThat(PcaAutoencoder.fit(Nd4j.eye(3), 2)).hasToString("PcaAutoencoder(3 → code 2 → 3)");
    }

    @Test
    void fit_toNoExamples_isRefused() {
        assertThatThrownBy(() -> PcaAutoencoder.fit(Nd4j.create(DataType.FLOAT, 0, 3), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PcaAutoencoder: examples must be [N, d], got [0, 3]; pass at least one row");
        assertThatThrownBy(() -> PcaAutoencoder.fit(Nd4j.empty(DataType.FLOAT), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, d], got []; pass at least one row");
    }

    @Test
    void fitted_refusesNoExamplesAndNoCodes() {
        PcaAutoencoder pca = PcaAutoencoder.fit(Nd4j.createFromArray(new double[][] {{1, 2, 3}, {2, 0, 1}}), 2);

        assertThatThrownBy(() -> pca.encode(Nd4j.create(DataType.DOUBLE, 0, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must be [N, 3], got [0, 3]");
        assertThatThrownBy(() -> pca.decode(Nd4j.create(DataType.DOUBLE, 0, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must be [N, 2], got [0, 2]");
    }
}
