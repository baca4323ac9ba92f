package io.github.dl4jae.data;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.internal.math.RandomStreams;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class ImagesTest {

    /** Ten images of 1×2 pixels: image i has pixels 10i and 255 − i, and class i. */
    private static LabeledImages ten() {
        byte[] pixels = new byte[20];
        byte[] labels = new byte[10];
        for (int i = 0; i < 10; i++) {
            pixels[2 * i] = (byte) (10 * i);
            pixels[2 * i + 1] = (byte) (255 - i);
            labels[i] = (byte) i;
        }
        return LabeledImages.of("ten", pixels, labels, 1, 2, 10);
    }

    private static List<Integer> order(DataSetIterator iterator) {
        List<Integer> order = new ArrayList<>();
        while (iterator.hasNext()) {
            for (float first : iterator.next().getFeatures().getColumn(0).toFloatVector()) {
                order.add(Math.round(first * 25.5f));
            }
        }
        return order;
    }

    @Test
    void features_areGrayInTheUnitInterval() {
        INDArray features = ten().range(2, 4).features();

        assertThat(features.dataType()).isEqualTo(DataType.FLOAT);
        assertThatArray(features)
                .isEqualTo(Nd4j.createFromArray(new float[][] {{20 / 255f, 253 / 255f}, {30 / 255f, 252 / 255f}}));
        assertThat(ten().range(2, 9).first(3).labels()).containsExactly(2, 3, 4);
        assertThat(ten().range(2, 9).label(6)).isEqualTo(8);
    }

    @Test
    void spreadImages_areAtEqualDistances() {
        LabeledImages spread = ten().range(1, 8).spread(3);

        assertThat(spread.labels()).containsExactly(1, 3, 5); // of 7 images 0, ⌊7/3⌋ and ⌊14/3⌋
        assertThatArray(spread.features().getRow(1))
                .isEqualTo(ten().range(3, 4).features().getRow(0));
        assertThat(ten().spread(10).labels()).isEqualTo(ten().labels());
    }

    @Test
    void minibatches_haveFeaturesAsTargets_andALastOneThatIsSmaller() {
        ImageIterator iterator = ten().iterator(4).build();
        DataSet first = iterator.next();
        iterator.next();
        DataSet last = iterator.next();

        assertThatArray(first.getLabels()).isEqualTo(first.getFeatures());
        assertThat(first.getFeatures().shape()).containsExactly(4, 2);
        assertThat(last.numExamples()).isEqualTo(2);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("call reset()");
    }

    @Test
    void images_labelsAndTypes_comeOnRequest() {
        DataSet minibatch = ten().iterator(3)
                .asImages()
                .withLabels()
                .dataType(DataType.DOUBLE)
                .build()
                .next();

        assertThat(minibatch.getFeatures().shape()).containsExactly(3, 1, 1, 2);
        assertThat(minibatch.getFeatures().dataType()).isEqualTo(DataType.DOUBLE);
        assertThatArray(minibatch.getLabels())
                .isEqualTo(Nd4j.eye(10).castTo(DataType.DOUBLE).getRows(0, 1, 2));
        assertThat(ten().iterator(3).withLabels().build().totalOutcomes()).isEqualTo(10);
        assertThat(ten().iterator(3).build().totalOutcomes()).isEqualTo(2);
    }

    @Test
    void orders_dependOnSeedAndEpochAlone() {
        ImageIterator iterator = ten().iterator(3).shuffle(5).build();
        List<Integer> first = order(iterator);
        iterator.reset();
        iterator.reset();
        List<Integer> second = order(iterator);

        assertThat(first)
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
                .isNotEqualTo(second);
        assertThat(order(ten().iterator(7).shuffle(5).build())).isEqualTo(first);
        assertThat(order(ten().iterator(7).shuffle(5).startEpoch(1).build())).isEqualTo(second);
        assertThat(order(ten().iterator(7).shuffle(6).build())).isNotEqualTo(first);
        assertThat(order(ten().iterator(7).build())).isSorted();
    }

    @Test
    void preprocessor_changesFeaturesOnly() {
        ImageIterator iterator = ten().iterator(4).build();
        iterator.setPreProcessor(minibatch -> minibatch.getFeatures().assign(0));
        DataSet minibatch = iterator.next();

        assertThat(minibatch.getFeatures().sumNumber().doubleValue()).isZero();
        assertThatArray(minibatch.getLabels()).isEqualTo(ten().first(4).features());
    }

    /** Seeds that are added to a multiple of the generator's step would give the same stream, shifted. */
    @Test
    void randomStreams_ofNeighboringSeedsAndIndices_haveNothingInCommon() {
        Set<Long> seen = new HashSet<>();
        for (long seed = 0; seed < 3; seed++) {
            for (long index = 0; index < 3; index++) {
                SplittableRandom random = RandomStreams.of(seed, index);
                for (int draw = 0; draw < 1000; draw++) {
                    assertThat(seen.add(random.nextLong())).isTrue();
                }
            }
        }
        assertThat(RandomStreams.of(5, 6).nextLong())
                .isEqualTo(RandomStreams.of(5, 6).nextLong());
    }

    @Test
    void wrongArguments_areRefused() {
        assertThatThrownBy(() -> ten().iterator(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batch must be at least 1, got 0");
        assertThatThrownBy(() -> ten().first(11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 <= from < to <= 10, got from 0 to 11");
        assertThatThrownBy(() -> ten().spread(11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be in [1, 10], got 11");
        assertThatThrownBy(() -> ten().label(10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> LabeledImages.of("x", new byte[5], new byte[2], 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 · 1 · 2 bytes, got 5");
        assertThatThrownBy(() -> LabeledImages.of("x", new byte[4], new byte[] {0, 3}, 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 1 must be in [0, 2], got 3");
        assertThatThrownBy(() -> SyntheticDigits.generate(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be in [1, ");
    }

    private static String digest(LabeledImages images) throws NoSuchAlgorithmException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        for (float gray : images.features().data().asFloat()) {
            md5.update((byte) Math.round(gray * 255));
        }
        return HexFormat.of().formatHex(md5.digest());
    }

    /** Pinned: the same seed must draw the same digits on every machine and in every release. */
    @Test
    void digits_areTheSameEverywhere() throws NoSuchAlgorithmException {
        assertThat(digest(SyntheticDigits.generate(200, 1))).isEqualTo("8482faea8a68f5972e3f7215eec44de9");
    }

    @Test
    void digit_dependsOnSeedAndIndexAlone() {
        LabeledImages few = SyntheticDigits.generate(30, 7);

        assertThatArray(few.features())
                .isEqualTo(SyntheticDigits.generate(100, 7).first(30).features());
        assertThat(few.features()).isNotEqualTo(SyntheticDigits.generate(30, 8).features());
        assertThat(few.first(12).labels()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1);
        assertThat(few.range(0, 1).features()).isNotEqualTo(few.range(10, 11).features());
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {1, 99})
    void digits_ofOneClassAreMoreAlikeThanOfTwo(long seed) {
        LabeledImages images = SyntheticDigits.generate(1000, seed);
        INDArray features = images.features();
        INDArray[] means = new INDArray[10];
        for (int digit = 0; digit < 10; digit++) {
            int[] members = new int[50];
            Arrays.setAll(members, i -> 10 * i);
            for (int i = 0; i < 50; i++) {
                members[i] += digit;
            }
            means[digit] = features.getRows(members).mean(0);
        }
        int right = 0;
        for (int i = 500; i < 1000; i++) {
            double nearest = Double.MAX_VALUE;
            int guess = -1;
            for (int digit = 0; digit < 10; digit++) {
                double distance = features.getRow(i).squaredDistance(means[digit]);
                if (distance < nearest) {
                    nearest = distance;
                    guess = digit;
                }
            }
            right += guess == images.label(i) ? 1 : 0;
        }

        assertThat(right).as("of 500, by the nearest class mean").isGreaterThan(400);
    }

    @Test
    void minibatches_areMadeOffTheTrainingThread() {
        Set<Thread> makers = ConcurrentHashMap.newKeySet();
        ImageIterator minibatches = SyntheticDigits.generate(40, 1).iterator(8).build();
        minibatches.setPreProcessor(minibatch -> makers.add(Thread.currentThread()));
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(new LossL2())
                        .nIn(28 * 28)
                        .nOut(28 * 28)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        network.fit(minibatches);
        assertThat(makers).isNotEmpty().doesNotContain(Thread.currentThread());
    }
}
