package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.anomaly.SeriesScore.Combination;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.SyntheticSensors;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SeriesScoreTest {

    /** Reconstructs zeros, so that residuals are the standardized values. */
    private static final Autoencoder ZEROS = reconstructing(x -> x.mul(0));

    private static Autoencoder reconstructing(UnaryOperator<INDArray> function) {
        return new Autoencoder() {
            @Override
            public INDArray encode(INDArray examples) {
                throw new UnsupportedOperationException();
            }

            @Override
            public INDArray decode(INDArray codes) {
                throw new UnsupportedOperationException();
            }

            @Override
            public INDArray reconstruct(INDArray examples) {
                return function.apply(examples);
            }
        };
    }

    private static INDArray nan(INDArray shape) {
        float[] values = new float[(int) shape.length()];
        Arrays.fill(values, Float.NaN);
        return Nd4j.createFromArray(values).reshape(shape.shape());
    }

    private static SeriesWindows plain(int channels, int length) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new SeriesWindows(length, 1, new double[channels], ones);
    }

    private static INDArray series(double[]... channels) {
        return Nd4j.createFromArray(channels);
    }

    @Test
    void score_isTheSquaredResidual_relativeToHeldOutOnes() {
        INDArray heldOut = series(new double[] {1, -1, 1, -1}, new double[] {2, 2, -4, 4}); // ē = 1, 10
        INDArray x = series(new double[] {0, 2, 1}, new double[] {5, 0, 10});

        SeriesScores mean =
                new SeriesScore.Builder(ZEROS, plain(2, 2)).fit(heldOut).score(x);
        SeriesScores maximum = new SeriesScore.Builder(ZEROS, plain(2, 2))
                .combination(Combination.MAXIMUM)
                .fit(heldOut)
                .score(x);

        assertThat(mean.perStep()).containsExactly(new double[] {1.25, 2, 5.5}, within(1e-6));
        assertThat(maximum.perStep()).containsExactly(new double[] {2.5, 4, 10}, within(1e-6));
        assertThat(mean.attribution()).isEqualTo(maximum.attribution());
        assertThat(mean.attribution().reshape(6).toDoubleVector())
                .containsExactly(new double[] {0, 4, 1, 2.5, 0, 10}, within(1e-6));
    }

    /** The numbers are computed with NumPy from the formulas of Ledoit and Wolf, with a shrinkage of 0.29375. */
    @Test
    void mahalanobis_isTheDistanceUnderTheShrunkCovariance() {
        INDArray heldOut = series(new double[] {1, -1, 2, -2, 0.5, -0.5}, new double[] {2.5, -1, 1.5, -2, 1, 0.25});
        INDArray x = series(new double[] {3, 3, 0.1}, new double[] {3, -3, 0.2});

        double[] scores = new SeriesScore.Builder(ZEROS, plain(2, 2))
                .combination(Combination.MAHALANOBIS)
                .fit(heldOut)
                .score(x)
                .perStep();

        assertThat(scores)
                .containsExactly(
                        new double[] {2.6557024868056525, 14.051587105290219, 0.02558939690079513}, within(1e-6));
    }

    /** The held-out mean of zᵀ·S⁻¹·z/C is 1 without shrinkage, of which there is little for many steps. */
    @Test
    void mahalanobis_ofTheHeldOutPart_isOneOnAverage_forCorrelatedChannels() {
        INDArray sensors = SyntheticSensors.generate(3_000, 3_000, 0, 5).values();

        double[] scores = new SeriesScore.Builder(ZEROS, SeriesWindows.fit(sensors, 2, 1))
                .combination(Combination.MAHALANOBIS)
                .fit(sensors)
                .score(sensors)
                .perStep();

        assertThat(Arrays.stream(scores).average().orElseThrow()).isBetween(0.8, 1.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4})
    void windowsThatCount_areThoseThatEndWithinTheDelay(int delay) {
        int length = 5;
        int steps = 12;
        // the residual at position j of the window that starts at w is (j + 1)·(w + 1); the series tells w
        Autoencoder autoencoder = reconstructing(x -> {
            INDArray reconstructed = x.dup();
            for (int i = 0; i < x.size(0); i++) {
                for (int j = 0; j < length; j++) {
                    double r = (j + 1) * (x.getDouble(i, 0, 0) + 1);
                    reconstructed.putScalar(new int[] {i, 0, j}, x.getDouble(i, 0, j) - r);
                }
            }
            return reconstructed;
        });
        INDArray x = Nd4j.arange(0, steps).castTo(DataType.DOUBLE).reshape(1, steps);
        double[] expected = new double[steps];
        for (int t = 0; t < steps; t++) {
            int from = Math.max(t, length - 1);
            int to = Math.min(Math.max(t + delay, length - 1), steps - 1);
            for (int end = from; end <= to; end++) {
                int w = end - length + 1;
                expected[t] += Math.pow((t - w + 1) * (w + 1), 2) / (to - from + 1);
            }
        }
        double mean = Arrays.stream(expected).average().orElseThrow();

        SeriesScore score = new SeriesScore.Builder(autoencoder, plain(1, length))
                .delay(delay)
                .fit(x);
        double[] relative = Arrays.stream(expected).map(e -> e / mean).toArray();
        assertThat(score.score(x).perStep()).containsExactly(relative, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"MEAN, 7, 0", "MAXIMUM, 0, 0.5", "MAHALANOBIS, 3, 0", "MEAN, 2, 0.9"})
    void stream_givesTheScoresOfTheSeries(Combination combination, int delay, double smoothing) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 40);
        SeriesWindows windows = SeriesWindows.fit(x, 8, 2);
        Autoencoder lstm = Autoencoders.of(
                new UndercompleteAutoencoder.Builder(DataShape.sequence(3, 8))
                        .hidden(6)
                        .code(3)
                        .build()
                        .network(),
                ZooAutoencoder.CODE);
        SeriesScore score = new SeriesScore.Builder(lstm, windows)
                .combination(combination)
                .delay(delay)
                .smoothing(smoothing)
                .fit(x);

        List<SeriesStream.Step> steps = new ArrayList<>();
        SeriesStream stream = score.stream();
        for (int t = 0; t < 40; t++) {
            steps.addAll(stream.add(x.getColumn(t).toDoubleVector()));
            assertThat(steps).as("after step %s", t).hasSize(t < 7 ? 0 : t + 1 - delay);
        }
        steps.addAll(stream.finish());

        SeriesScores all = score.score(x);
        assertThat(steps).extracting(SeriesStream.Step::index).isSorted().hasSize(40);
        double[] streamed = steps.stream().mapToDouble(SeriesStream.Step::score).toArray();
        for (int t = 0; t < 40; t++) {
            assertThat(streamed[t]).as("step %s", t).isCloseTo(all.perStep()[t], within(1e-6 * all.perStep()[t]));
            assertThat(steps.get(t).attribution().stream().mapToDouble(a -> a).toArray())
                    .containsExactly(all.attribution().getColumn(t).toDoubleVector(), within(1e-4));
        }
    }

    @Test
    void scores_ofManyBlocksOfWindows_areThoseOfEachPart() {
        Nd4j.getRandom().setSeed(6);
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 1_200);
        SeriesWindows windows = SeriesWindows.fit(x, 6, 1);
        PcaAutoencoder pca = PcaAutoencoder.fit(windows.of(x).reshape(-1, 12), 4);
        SeriesScore score =
                new SeriesScore.Builder(pca, windows).flat(true).delay(5).fit(x);

        double[] all = score.score(x).perStep();
        double[] late = score.score(x.get(NDArrayIndex.all(), NDArrayIndex.interval(900, 1_200)))
                .perStep();
        assertThat(Arrays.copyOfRange(late, 5, 300)).containsExactly(Arrays.copyOfRange(all, 905, 1_200), within(1e-5));
    }

    @Test
    void stepWithoutReconstruction_isInfinitelyUnusual_andDoesNotSpoilLaterOnes() {
        Autoencoder nanForLarge = reconstructing(x -> x.maxNumber().doubleValue() > 9 ? nan(x) : x.mul(0));
        SeriesStream stream = new SeriesScore.Builder(nanForLarge, plain(1, 2))
                .delay(0).smoothing(0.5).fit(series(new double[] {1, -1, 1})).stream();

        List<Double> scores = new ArrayList<>();
        for (double value : new double[] {1, 1, 10, 1, 1}) {
            stream.add(value).forEach(step -> scores.add(step.score()));
        }
        assertThat(scores).containsExactly(1.0, 1.0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1.0);
    }

    @Test
    void events_areRunsAboveTheThreshold_withTheirChannels() {
        double[] scores = {0, 5, 6, 0, 5, 0, 0, 9};
        INDArray attribution = series(new double[] {0, 1, 1, 0, 0, 0, 0, 1}, new double[] {0, 3, 3, 1, 1, 0, 0, 0});
        SeriesScores all = new SeriesScores(scores, attribution);

        List<SeriesEvent> events = all.events(4, 1);
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).extracting(SeriesEvent::from, SeriesEvent::to).containsExactly(7, 8);
        assertThat(events.get(1))
                .isEqualTo(new SeriesEvent(
                        1, 5, 2, 6, List.of(new SeriesEvent.Channel(1, 0.8), new SeriesEvent.Channel(0, 0.2))));
        assertThat(all.events(4, 0)).hasSize(3);
        assertThat(all.events(9, 0)).isEmpty();
        assertThat(all.quantile(1)).isEqualTo(9);
        assertThat(all.quantile(0.5)).isZero();
        assertThat(all.quantile(0.51)).isEqualTo(5);
    }

    @Test
    void unfitArguments_areRefused() {
        SeriesScore.Builder builder = new SeriesScore.Builder(ZEROS, plain(2, 3));
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 5);

        assertThatThrownBy(() -> builder.delay(3))
                .hasMessageStartingWith("SeriesScore: delay must be in [0, 2], got 3");
        assertThatThrownBy(() -> builder.smoothing(1))
                .hasMessageStartingWith("SeriesScore: smoothing must be in [0, 1), got 1.0");
        assertThatThrownBy(() -> builder.fit(Nd4j.ones(3, 5))).hasMessageContaining("must have the 2 channels");
        assertThatThrownBy(() -> new SeriesScore.Builder(reconstructing(a -> a.sum(2)), plain(2, 3)).fit(x))
                .hasMessageStartingWith(
                        "SeriesScore: reconstructions must have the shape of the windows, [3, 2, 3]," + " got [3, 2]");
        assertThatThrownBy(() -> new SeriesScore.Builder(reconstructing(SeriesScoreTest::nan), plain(2, 3)).fit(x))
                .hasMessageStartingWith("SeriesScore: reconstructions of the held-out part must be finite");
        SeriesStream stream = builder.fit(x).stream();
        assertThatThrownBy(() -> stream.add(1))
                .hasMessage("SeriesStream: a step must have 2 values, one per channel," + " got 1");
        assertThatThrownBy(() -> stream.add(1, Double.NaN))
                .hasMessageStartingWith("SeriesStream: values must be finite, got NaN in channel 1 at step 0");
        assertThat(stream.finish()).isEmpty();
        assertThatThrownBy(() -> stream.add(1, 1)).isInstanceOf(IllegalStateException.class);
    }
}
