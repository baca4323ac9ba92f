package io.github.dl4jae.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Behavior on real images, with default options: three epochs of 10,000 MNIST images. */
@Tag("slow")
class ZooOnMnistTest {

    static Stream<ZooAutoencoder> autoencoders() {
        return Stream.of(
                new UndercompleteAutoencoder.Builder(DataShape.pixels(784)).build(),
                new UndercompleteAutoencoder.Builder(DataShape.image(28, 28, 1)).build());
    }

    /** Linear components of the same number, which need no training by steps, are a bar that is easily missed. */
    @ParameterizedTest
    @MethodSource("autoencoders")
    void code_isBetterThanAsManyPrincipalComponents(ZooAutoencoder zoo) {
        LabeledImages images = RealImages.mnistTrain().first(10_000);
        DataSetIterator test = RealImages.mnistTest().first(1_000).iterator(500).build();
        MultiLayerNetwork network = zoo.network();

        network.fit(images.iterator(64).shuffle(1).build(), 3);

        assertThat(ReconstructionError.meanSquared(Autoencoders.of(network, ZooAutoencoder.CODE), test))
                .isLessThan(ReconstructionError.meanSquared(PcaAutoencoder.fit(images.features(), 28), test));
    }
}
