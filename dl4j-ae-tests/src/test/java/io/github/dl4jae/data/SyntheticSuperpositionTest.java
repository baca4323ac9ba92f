package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SyntheticSuperpositionTest {

    private static final int N = 20_000;

    private static SyntheticSuperposition.Builder small() {
        return new SyntheticSuperposition.Builder(24, 8)
                .zipf(0.5, 0.4, 0.02)
                .trees(2, 3, 2)
                .magnitudes(5, 4)
                .deviations(0.5, 0.2)
                .correlation(3, 0.2)
                .spread(10)
                .bias(0.5)
                .seed(7);
    }

    @Test
    void examples_areTheSame_whateverMiniBatchTheyAreIn() {
        SyntheticSuperposition sources = small().build();
        INDArray together = sources.examples(100, 30);

        assertThat(small().build().examples(100, 30)).isEqualTo(together);
        assertThat(sources.examples(110, 20))
                .isEqualTo(together.get(NDArrayIndex.interval(10, 30), NDArrayIndex.all())
                        .dup());
        assertThat(sources.sample(100, 30).x()).isEqualTo(together);
        assertThat(small().seed(8).build().examples(100, 30)).isNotEqualTo(together);
    }

    @Test
    void examples_areTheBiasAndTheDirectionsOfTheirSources() {
        SyntheticSuperposition sources = small().build();
        SuperpositionSample sample = sources.sample(0, 50);
        INDArray mixed = sample.codes().mmul(sources.directions()).addRowVector(sources.bias());

        assertThat(sample.x().sub(mixed).amaxNumber().doubleValue()).isLessThan(1e-5);
        assertThat(sources.bias().norm2Number().doubleValue()).isCloseTo(0.5, within(1e-6));
        assertThat(sources.directions().norm2(1).sub(1).amaxNumber().doubleValue())
                .isLessThan(1e-6);
    }

    /** A tight frame has the least Σ_(i≠j) (d_i·d_j)² of n unit vectors in d dimensions, n²/d − n (Welch). */
    @ParameterizedTest
    @ValueSource(ints = {6, 20, 100})
    void spreadDirections_haveTheLeastOverlap(int n) {
        double least = n <= 20 ? 0 : n * n / 20.0 - n;

        assertThat(overlap(n, 0)).isGreaterThan(1.15 * least + 1);
        assertThat(overlap(n, 200)).isCloseTo(least, within(0.01 * least + 0.05));
    }

    private static double overlap(int n, int steps) {
        INDArray d = new SyntheticSuperposition.Builder(n, 20)
                .uniform(0.1)
                .spread(steps)
                .build()
                .directions()
                .castTo(DataType.DOUBLE);
        INDArray cosines = d.mmul(d.transpose()).subi(Nd4j.eye(n).castTo(DataType.DOUBLE));
        return cosines.mul(cosines).sumNumber().doubleValue();
    }

    @Test
    void uniformSources_fireIndependently_withTheirProbability() {
        SyntheticSuperposition sources = new SyntheticSuperposition.Builder(6, 3)
                .uniform(0.3)
                .magnitudes(2, 1)
                .build();
        INDArray codes = sources.sample(0, N).codes();
        INDArray fires = codes.gt(0).castTo(DataType.DOUBLE);
        INDArray together = fires.transpose().mmul(fires).divi(N);
        double tolerance = 5 * Math.sqrt(0.3 * 0.7 / N);

        for (int i = 0; i < 6; i++) {
            assertThat(together.getDouble(i, i)).isCloseTo(0.3, within(tolerance));
            assertThat(codes.getColumn(i).maxNumber().doubleValue()).isCloseTo(2 - i / 5.0, within(1e-6));
            for (int j = 0; j < i; j++) {
                assertThat(together.getDouble(i, j)).isCloseTo(0.09, within(tolerance));
            }
        }
    }

    /** With one factor of all the variance, sources fire together or never together. */
    @Test
    void sourcesOfOneFactor_fireTogetherOrInTurn() {
        SyntheticSuperposition sources = new SyntheticSuperposition.Builder(6, 3)
                .uniform(0.5)
                .correlation(1, 1e6)
                .build();
        INDArray fires = sources.sample(0, 2_000).codes().gt(0).castTo(DataType.DOUBLE);

        for (int i = 1; i < 6; i++) {
            double same = fires.getColumn(0)
                    .eq(fires.getColumn(i))
                    .castTo(DataType.DOUBLE)
                    .meanNumber()
                    .doubleValue();
            assertThat(same == 0 || same == 1)
                    .as("share of equal firing %s", same)
                    .isTrue();
        }
    }

    @Test
    void correlatedSources_keepTheirProbabilities() {
        SyntheticSuperposition sources = new SyntheticSuperposition.Builder(40, 3)
                .zipf(0.5, 0.4, 0.05)
                .correlation(5, 0.2)
                .build();
        INDArray frequencies =
                sources.sample(0, N).codes().gt(0).castTo(DataType.DOUBLE).mean(0);

        for (int i = 0; i < 40; i++) {
            double p = sources.probabilities()[i];
            assertThat(frequencies.getDouble(i)).isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / N)));
        }
    }

    /** 0.1 + 0.3·(i^−½ − ½)/(1 − ½) for i = 1, 2, 3, 4, by hand. */
    @Test
    void zipf_isTheStatedFormula() {
        double[] p = new SyntheticSuperposition.Builder(4, 2)
                .zipf(0.5, 0.4, 0.1)
                .build()
                .probabilities();

        assertThat(p).containsExactly(new double[] {0.4, 0.224264, 0.146410, 0.1}, within(1e-6));
    }

    /** Two roots with p = ½, of which each has two children with p = 0.2 and 0.1: conditional 0.4 and 0.2. */
    @Test
    void probabilitiesOfChildren_areRaisedAsStated() {
        SourceTrees trees = SourceTrees.of(2, 2, 1, 7);

        assertThat(trees.size()).isEqualTo(6);
        assertThat(trees.independent(new double[] {0.5, 0.5, 0.2, 0.1, 0.2, 0.1, 0.05}))
                .containsExactly(
                        new double[] {0.5, 0.5, 0.4 * 1.2, 0.2 * 1.4, 0.4 * 1.2, 0.2 * 1.4, 0.05}, within(1e-12));
    }

    @Tag("slow")
    @Test
    void children_fireWithTheirParent_andOneAtMost() {
        SyntheticSuperposition sources = new SyntheticSuperposition.Builder(20, 8)
                .zipf(0.5, 0.5, 0.02)
                .trees(2, 2, 2)
                .build();
        boolean[][] fires = fires(sources.sample(0, N).codes());
        int childOfRoot = 0;
        int grandchild = 0;

        for (boolean[] row : fires) {
            for (int parent = 0; parent < 6; parent++) { // 2 roots and 4 children have children: 2, 3; 4, 5; …
                int first = 2 + 2 * parent;
                assertThat(row[first] && row[first + 1]).isFalse();
                assertThat((row[first] || row[first + 1]) && !row[parent]).isFalse();
            }
            childOfRoot += row[3] ? 1 : 0;
            grandchild += row[10] ? 1 : 0;
        }
        // of two siblings that would both fire, each is chosen half of the time
        double[] q = SourceTrees.of(2, 2, 2, 20).independent(sources.probabilities());
        double expected = q[0] * q[3] * (1 - q[2] / 2);
        double deeper = q[1] * q[4] * (1 - q[5] / 2) * q[10] * (1 - q[11] / 2);
        assertThat((double) childOfRoot / N).isCloseTo(expected, within(5 * Math.sqrt(expected / N)));
        assertThat((double) grandchild / N).isCloseTo(deeper, within(5 * Math.sqrt(deeper / N)));
    }

    private static boolean[][] fires(INDArray codes) {
        double[][] values = codes.toDoubleMatrix();
        boolean[][] fires = new boolean[values.length][values[0].length];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                fires[i][j] = values[i][j] > 0;
            }
        }
        return fires;
    }

    /** a_child/a_parent = (m_child + s·ε)/m_parent does not depend on the parent's magnitude. */
    @Test
    void magnitudesOfChildren_areProportionalToThoseOfTheirParents() {
        SyntheticSuperposition sources = new SyntheticSuperposition.Builder(2, 8)
                .uniform(0.9)
                .trees(1, 1, 1)
                .magnitudes(5, 4)
                .deviations(0.5, 0)
                .build();
        double[][] codes = sources.sample(0, N).codes().toDoubleMatrix();
        double[] sums = new double[6];

        for (double[] row : codes) {
            if (row[1] > 0) {
                double ratio = row[1] / row[0];
                sums[0]++;
                sums[1] += row[0];
                sums[2] += ratio;
                sums[3] += row[0] * ratio;
                sums[4] += row[0] * row[0];
                sums[5] += ratio * ratio;
            }
        }
        double meanRatio = sums[2] / sums[0];
        double covariance = sums[3] / sums[0] - sums[1] / sums[0] * meanRatio;
        assertThat(meanRatio).isCloseTo(4 / 5.0, within(0.005));
        assertThat(covariance).isCloseTo(0, within(0.002));
        assertThat(Math.sqrt(sums[4] / sums[0] - Math.pow(sums[1] / sums[0], 2)))
                .isCloseTo(0.5, within(0.02));
        assertThat(Math.sqrt(sums[5] / sums[0] - meanRatio * meanRatio)).isCloseTo(0.1, within(0.005));
    }

    /** SynthSAEBench-16k has about 34 active sources, of which about 25 are among the first quarter. */
    @Tag("slow")
    @Test
    void quarterOfSynthSae_hasAQuarterOfThePublishedActivity() {
        SyntheticSuperposition sources = SyntheticSuperposition.synthSae(0.25).build();
        SuperpositionSample sample = sources.sample(1L << 40, 4_000);
        INDArray first = sample.codes().get(NDArrayIndex.all(), NDArrayIndex.interval(0, 1_024));

        assertThat(sources.sources()).isEqualTo(4_096);
        assertThat(sources.dimensions()).isEqualTo(192);
        assertThat(4 * sample.meanActive()).isCloseTo(34, within(2.0));
        assertThat(4 * first.gt(0).castTo(DataType.DOUBLE).sumNumber().doubleValue() / 4_000)
                .isCloseTo(25, within(2.0));
    }

    @Test
    void iterator_hasNewExamplesInEveryEpoch_andCanBeginLater() {
        SyntheticSuperposition sources = small().build();
        DataSetIterator iterator = sources.iterator(10, 3);
        DataSet first = iterator.next();
        iterator.next();
        iterator.next();

        assertThat(first.getFeatures()).isEqualTo(sources.examples(0, 10));
        assertThat(first.getLabels()).isEqualTo(first.getFeatures());
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("call reset()");
        iterator.reset();
        iterator.reset();
        assertThat(iterator.next().getFeatures()).isEqualTo(sources.examples(30, 10));
        assertThat(sources.iterator(10, 3, 1).next().getFeatures()).isEqualTo(sources.examples(30, 10));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void settingsOutOfRange_areRefused(String named, Consumer<SyntheticSuperposition.Builder> set) {
        assertThatThrownBy(() -> set.accept(new SyntheticSuperposition.Builder(10, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SyntheticSuperposition: " + named + " must ");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("sources", b -> new SyntheticSuperposition.Builder(0, 4)),
                refused("dimensions", b -> new SyntheticSuperposition.Builder(10, 1)),
                refused("sources times dimensions", b -> new SyntheticSuperposition.Builder(1 << 20, 1 << 12)),
                refused("scale", b -> SyntheticSuperposition.synthSae(2)),
                refused("frequencies", SyntheticSuperposition.Builder::build),
                refused("probabilities", b -> b.uniform(1.5)),
                refused("probabilities", b -> b.zipf(1, 0.1, 0.2)),
                refused("exponent", b -> b.zipf(-1, 0.2, 0.1)),
                refused("first", b -> b.magnitudes(0, 1)),
                refused("center", b -> b.deviations(-1, 1)),
                refused("roots", b -> b.trees(11, 2, 2)),
                refused("children", b -> b.trees(2, 0, 2)),
                refused("depth", b -> b.trees(2, 2, 0)),
                refused("rank", b -> b.correlation(0, 1)),
                refused("scale", b -> b.correlation(1, 0)),
                refused("steps", b -> b.spread(-1)),
                refused("norm", b -> b.bias(-1)),
                refused("from", b -> b.uniform(0.1).build().examples(-1, 1)),
                refused("examples", b -> b.uniform(0.1).build().examples(0, 0)),
                refused("examples times sources", b -> b.uniform(0.1).build().sample(0, 1 << 30)),
                refused("batch", b -> b.uniform(0.1).build().iterator(0, 1)),
                refused("batches", b -> b.uniform(0.1).build().iterator(1, 0)));
    }

    private static Arguments refused(String named, Consumer<SyntheticSuperposition.Builder> set) {
        return Arguments.of(named, set);
    }
}
