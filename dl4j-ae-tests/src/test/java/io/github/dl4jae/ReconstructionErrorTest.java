package io.github.dl4jae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.denoising.CorruptedIterator;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.testing.RefusesNull;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

class ReconstructionErrorTest implements RefusesNull {

    static Stream<Arguments> nulls() {
        Autoencoder zero = new ZeroAutoencoder(2, 2);
        return Stream.of(
                RefusesNull.call(
                        "ReconstructionError: autoencoder must be given",
                        () -> ReconstructionError.squaredPerExample(null, Nd4j.ones(2, 2))),
                RefusesNull.call(
                        "ReconstructionError: data must be given",
                        () -> ReconstructionError.squaredPerExample(zero, (DataSet) null)),
                RefusesNull.call(
                        "ReconstructionError: data must be given", () -> ReconstructionError.meanSquared(zero, null)),
                RefusesNull.call(
                        "Autoencoders: network must be given", () -> Autoencoders.of((MultiLayerNetwork) null, 0)),
                RefusesNull.call(
                        "Autoencoders: graph must be given", () -> Autoencoders.of((ComputationGraph) null, "code")));
    }

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

    /** A normalizer that changes features alone leaves the labels, and so the error, in the original unit. */
    @Test
    void normalizedFeatures_withLabelsAsTheyWere_giveTheErrorOfTheLabels() {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(iterator(measured()));
        DataSetIterator iterator = normalized(measured(), normalizer);
        Autoencoder meanOfEach = new ConstantAutoencoder(MEANS);

        // Σ_j of the variances of 0…4, in units of 10 and 0.5
        assertThat(ReconstructionError.meanSquared(meanOfEach, iterator)).isCloseTo(2 * 100 + 2 * 0.25, within(1e-3));
    }

    private static final double[] MEANS = {1_020, -3};

    private static DataSetIterator iterator(DataSet data) {
        return new SingletonDataSetIterator(data);
    }

    /** Returns an iterator for one pass: a preprocessor changes the data of the iterator. */
    private static DataSetIterator normalized(DataSet data, DataNormalization normalizer) {
        DataSetIterator iterator = iterator(data);
        iterator.setPreProcessor(normalizer);
        return iterator;
    }

    private static DataSet withoutLabels() {
        return new DataSet(measured().getFeatures(), null);
    }

    /** Five rows whose columns are 1000, 1010, … and −4, −3.5, …. */
    private static DataSet measured() {
        INDArray x = Nd4j.create(DataType.FLOAT, 5, 2);
        for (int i = 0; i < 5; i++) {
            x.putScalar(i, 0, 1_000 + 10 * i);
            x.putScalar(i, 1, -4 + 0.5 * i);
        }
        return new DataSet(x, x.dup());
    }

    /** Reconstructs each example as the same row. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record ConstantAutoencoder(double... row) implements Autoencoder {
        @Override
        public INDArray encode(INDArray examples) {
            return examples;
        }

        @Override
        public INDArray decode(INDArray codes) {
            INDArray one = Nd4j.createFromArray(row).castTo(DataType.FLOAT).reshape(1, row.length);
            return one.broadcast(codes.size(0), row.length);
        }

        @Override
        public INDArray reconstruct(INDArray examples) {
            return decode(examples);
        }
    }

    static Stream<Arguments> normalizations() {
        Supplier<DataNormalization> standard = NormalizerStandardize::new;
        Supplier<DataNormalization> range = () -> new NormalizerMinMaxScaler(-1, 1);
        return Stream.of(
                // the mean of each column in standard units, and in the range [-1, 1]
                arguments(standard, true), arguments(standard, false), arguments(range, true), arguments(range, false));
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void normalizedValues_areComparedInTheOriginalUnit_onRequest(
            Supplier<DataNormalization> normalization, boolean withLabels) {
        Supplier<DataSet> raw = withLabels ? ReconstructionErrorTest::measured : ReconstructionErrorTest::withoutLabels;
        DataNormalization normalizer = normalization.get();
        normalizer.fitLabel(withLabels);
        normalizer.fit(iterator(raw.get()));
        Autoencoder meanOfEach = new ConstantAutoencoder(0, 0);
        Consumer<INDArray> reversion = withLabels ? normalizer::revertLabels : normalizer::revertFeatures;

        assertThat(ReconstructionError.meanSquared(meanOfEach, normalized(raw.get(), normalizer), reversion))
                .isCloseTo(2 * 100 + 2 * 0.25, within(1e-3));
        assertThat(ReconstructionError.meanSquared(meanOfEach, normalized(raw.get(), normalizer)))
                .isLessThan(3);
        DataSet normalized = normalized(raw.get(), normalizer).next();
        assertThat(ReconstructionError.squaredPerExample(meanOfEach, normalized, reversion)[2])
                .isCloseTo(0, within(1e-6));
    }

    /** The clean examples of a corrupted iterator are normalized like the noisy ones. */
    @Test
    void corruptedAndNormalizedExamples_areComparedWithCleanOnes_inEitherUnit() {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(iterator(withoutLabels()));
        Autoencoder meanOfEach = new ConstantAutoencoder(0, 0);

        assertThat(ReconstructionError.meanSquared(meanOfEach, corrupted(normalizer)))
                .isCloseTo(2, within(1e-5));
        assertThat(ReconstructionError.meanSquared(meanOfEach, corrupted(normalizer), normalizer::revertFeatures))
                .isCloseTo(2 * 100 + 2 * 0.25, within(1e-3));
    }

    private static CorruptedIterator corrupted(DataNormalization normalizer) {
        return new CorruptedIterator(normalized(withoutLabels(), normalizer), new MaskingNoise(0.5));
    }

    @Test
    void reversion_doesNotChangeTheData() {
        DataSet data = measured();
        ReconstructionError.squaredPerExample(new ConstantAutoencoder(MEANS), data, array -> array.muli(7));
        assertThat(data.getFeatures()).isEqualTo(measured().getFeatures());
        assertThat(data.getLabels()).isEqualTo(measured().getLabels());
        assertThatThrownBy(() -> ReconstructionError.squaredPerExample(new ZeroAutoencoder(5, 2), data, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ReconstructionError: reversion must be given, got null;"
                        + " leave it out for errors in the unit of the data");
    }

    /** Clean labels as rows, for a network that reconstructs images. */
    @Test
    void cleanRows_areTheTargetsOfImages() {
        INDArray noisy = Nd4j.createFromArray(new float[][] {{9, 9, 9, 9}, {9, 9, 9, 9}});
        INDArray clean = Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}, {2, 0, 0, 1}});
        Autoencoder images = new ZeroAutoencoder(2, 1, 2, 2);

        assertThat(ReconstructionError.squaredPerExample(images, new DataSet(noisy, clean)))
                .containsExactly(2, 5);
        assertThat(ReconstructionError.squaredPerExample(
                        new ZeroAutoencoder(2, 4), new DataSet(noisy, clean.reshape(2, 1, 2, 2))))
                .containsExactly(2, 5);
    }

    /** As many values are not enough: the last axis of one counts channels, that of the other columns. */
    @Test
    void axesInAnotherOrder_areRefused() {
        INDArray channelsLast = Nd4j.ones(2, 4, 5, 3);
        assertThatThrownBy(() -> ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 3, 4, 5), channelsLast))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the features of the examples [2, 4, 5, 3], got [2, 3, 4, 5]");
    }

    /** Missing cells of a table, hidden pixels of an image and padding rows of a batch. */
    @Test
    void maskedValues_doNotCount_inRowsAndImages() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2, 3, Float.NaN}, {5, 6, 7, 8}});
        INDArray cells = Nd4j.createFromArray(new float[][] {{1, 0, 1, 0}, {0, 0, 1, 0}});
        assertThat(ReconstructionError.squaredPerExample(
                        new ZeroAutoencoder(2, 4), new DataSet(Nd4j.zeros(2, 4), x, null, cells)))
                .containsExactly(10, 49);

        INDArray images = x.reshape(2, 2, 1, 2); // the mask of one channel is that of both
        INDArray pixels = Nd4j.createFromArray(1f, 0, 0, 1).reshape(2, 1, 1, 2);
        assertThat(ReconstructionError.squaredPerExample(
                        new ZeroAutoencoder(2, 2, 1, 2), new DataSet(images, images, null, pixels)))
                .containsExactly(10, 100);
    }

    @Test
    void maskedExamples_doNotCountInTheMean() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {5, 6}, {3, 0}});
        DataSet data = new DataSet(x, x, null, Nd4j.createFromArray(1f, 0, 1).reshape(3, 1));
        Autoencoder zero = new ZeroAutoencoder(3, 2);

        assertThat(ReconstructionError.squaredPerExample(zero, data)).containsExactly(5, 0, 9);
        assertThat(ReconstructionError.meanSquared(zero, new SingletonDataSetIterator(data)))
                .isEqualTo(7);
        data.setLabelsMaskArray(Nd4j.zeros(3, 1));
        assertThatThrownBy(() -> ReconstructionError.meanSquared(zero, new SingletonDataSetIterator(data)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ReconstructionError: the iterator must hold at least one example with unmasked values,"
                        + " got none");
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "2, 5", "1, 4"})
    void masksOfAnotherShape_areRefused(int rows, int columns) {
        DataSet data = new DataSet(Nd4j.zeros(2, 4), Nd4j.zeros(2, 4), null, Nd4j.ones(rows, columns));
        assertThatThrownBy(() -> ReconstructionError.squaredPerExample(new ZeroAutoencoder(2, 4), data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ReconstructionError: a mask must have the shape [2, 4] of the targets, a column per time"
                        + " step, or one column, got [" + rows + ", " + columns
                        + "]; it is 1 for values that count and 0 for others");
    }
}
