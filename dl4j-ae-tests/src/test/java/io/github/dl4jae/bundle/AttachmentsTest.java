package io.github.dl4jae.bundle;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AttachmentsTest {

    private static final double[] EXACT = {1.5, -2, 0x1p-20};
    private static final double[] FINE = {Math.PI, 1e300};

    private static ModelBundle.Builder builder(long seed) {
        return new ModelBundle.Builder(new UndercompleteAutoencoder.Builder(DataShape.features(4))
                        .hidden(3)
                        .seed(seed)
                        .build()
                        .network())
                .codeLayer(ZooAutoencoder.CODE);
    }

    @Test
    void attachments_areRestored(@TempDir Path directory) {
        ModelBundle bundle = builder(1)
                .attachment("floats", EXACT)
                .attachment("doubles", FINE)
                .attachment("none", new double[0])
                .attachment("text", "{\"a\": [1, 2]}")
                .build();

        ModelBundle loaded = ModelBundle.load(bundle.save(directory.resolve("model.zip")));

        assertThat(loaded.arrayAttachment("floats")).containsExactly(EXACT);
        assertThat(loaded.arrayAttachment("doubles")).containsExactly(FINE);
        assertThat(loaded.arrayAttachment("none")).isEmpty();
        assertThat(loaded.textAttachment("text")).isEqualTo("{\"a\": [1, 2]}");
        assertThat(loaded.arrayAttachment("text")).isNull();
        assertThat(loaded.textAttachment("other")).isNull();
        assertThat(loaded.toBuilder().build().arrayAttachment("floats")).containsExactly(EXACT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "a/b", "../a", "a b", "a.json"})
    void names_withOtherCharacters_areRefused(String name) {
        ModelBundle.Builder builder = builder(1);
        assertThatThrownBy(() -> builder.attachment(name, EXACT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an attachment's name must have 1 to 64 lower-case letters");
    }

    @Test
    void otherValues_areRefused() {
        ModelBundle.Builder builder = builder(1);
        assertThatThrownBy(() -> builder.attachment("a", new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attachment 'a' must be finite");
        assertThatThrownBy(() -> builder.attachment("a", "[1]")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withParameters_isAnotherNetworkOfTheSameConfiguration() {
        ModelBundle one = builder(1).build();
        ModelBundle two = builder(2).build();
        INDArray x = Nd4j.rand(5, 4);

        ModelBundle copy = one.withParameters(two.network().params().toDoubleVector());

        assertThatArray(copy.autoencoder().reconstruct(x))
                .isEqualTo(two.autoencoder().reconstruct(x));
        assertThat(one.network().params()).isNotEqualTo(copy.network().params());
        assertThatThrownBy(() -> one.withParameters(new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameters must be");
    }
}
