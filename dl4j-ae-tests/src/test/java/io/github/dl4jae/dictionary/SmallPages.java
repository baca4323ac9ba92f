package io.github.dl4jae.dictionary;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A page over 40 features of 60 pictures, where unit u fires in the first u + 1 examples, and units from 30 never. */
final class SmallPages {

    static final int UNITS = 40;
    static final int ALIVE = 30;
    static final int EXAMPLES = 60;
    static final String HOSTILE = "</script><img src=x onerror=\"document.title='hacked'\">&amp;<!--";
    static final List<String> CLASSES = List.of("Coat", HOSTILE, "Bag");

    private SmallPages() {}

    /** Returns pictures of 6 × 5 pixels in [0, 1]. */
    static INDArray pictures() {
        Random random = new Random(1);
        double[][] pictures = IntStream.range(0, EXAMPLES)
                .mapToObj(i -> random.doubles(30).toArray())
                .toArray(double[][]::new);
        return Nd4j.createFromArray(pictures);
    }

    static double[][] codes() {
        double[][] codes = new double[EXAMPLES][UNITS];
        for (int u = 0; u < ALIVE; u++) {
            for (int e = 0; e <= u; e++) {
                codes[e][u] = 10 - .1 * u + .01 * e;
            }
        }
        return codes;
    }

    /** Examples 0 to 9 are coats, 10 to 19 of the hostile class, and the others bags. */
    static int[] labels() {
        return IntStream.range(0, EXAMPLES).map(e -> Math.min(e / 10, 2)).toArray();
    }

    static INDArray decoder() {
        Random random = new Random(2);
        double[][] rows = IntStream.range(0, UNITS)
                .mapToObj(u -> random.doubles(30, -1, 1).toArray())
                .toArray(double[][]::new);
        return Nd4j.createFromArray(rows);
    }

    static FeatureStatistics statistics() {
        FeatureCollector collector = new FeatureCollector.Builder()
                .units(UNITS)
                .classes(CLASSES)
                .bands(3)
                .examplesPerBand(2)
                .build();
        collector.add(SparseCodes.of(Nd4j.createFromArray(codes())), labels());
        return collector.statistics(decoder());
    }

    static FeatureEffects effects() {
        double[][] change = new double[UNITS][3];
        double[] share = new double[UNITS];
        for (int u = 0; u < ALIVE; u++) {
            change[u] = new double[] {-.001 * (u % 7) - .01, .01 * (u % 7), 0};
            share[u] = (u + 1.0) / EXAMPLES;
        }
        return FeatureEffects.of(Nd4j.createFromArray(change), share);
    }

    static FeaturePage.Builder builder() {
        INDArray pictures = pictures();
        return new FeaturePage.Builder()
                .title("A page " + HOSTILE)
                .statistics(statistics())
                .examples(ExampleView.images(pictures::getRow, 6, 5, 1))
                .directions(decoder(), 6, 5, 1)
                .effects(effects())
                .steering(new SteeringCurve(
                        4, List.of(0.0, 5.0), List.of(List.of(.1, .2, .7), List.of(.6, .2, .2))))
                .fact("explained variance", "0.93")
                .note(7, "handles of bags " + HOSTILE);
    }
}
