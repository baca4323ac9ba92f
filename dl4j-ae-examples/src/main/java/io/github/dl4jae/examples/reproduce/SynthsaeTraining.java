package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.SuperpositionSample;
import io.github.dl4jae.data.SyntheticSuperposition;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.KnownDictionaryReport;
import io.github.dl4jae.dictionary.SparseCodes;
import io.github.dl4jae.dictionary.SparseDictionary;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Trains one dictionary on synthetic sources, and compares it with them. */
final class SynthsaeTraining {

    /** The number of the first example for measures; those of training are smaller. */
    private static final long HELD_OUT = 1L << 40;

    private static final int BLOCK = 1024;
    private static final int POINTS = 12;

    private final SyntheticSuperposition sources;
    private final int units;
    private final int l0;
    private final int batch;
    private final int steps;
    private final double rate;
    private final int heldOut;
    private final long seed;

    private @Nullable SynthsaePenalty penalty;
    private final List<double[]> curve = new ArrayList<>();

    SynthsaeTraining(
            SyntheticSuperposition sources,
            int units,
            int l0,
            int batch,
            int steps,
            double rate,
            int heldOut,
            long seed) {
        this.sources = sources;
        this.units = units;
        this.l0 = l0;
        this.batch = batch;
        this.steps = steps;
        this.rate = rate;
        this.heldOut = heldOut;
        this.seed = seed;
    }

    int units() {
        return units;
    }

    int l0() {
        return l0;
    }

    /** Returns the number of active units per example, which is four times as large in the first steps. */
    ISchedule k() {
        return new LinearSchedule(ScheduleType.ITERATION, 4 * l0, l0, steps / 3);
    }

    /** Returns a weight that leads to the wanted L0. */
    ISchedule penalty(double first) {
        penalty = new SynthsaePenalty(first, l0, steps / 6);
        return penalty;
    }

    long deadAfter() {
        return Math.min(1 << 24, Math.max(1, steps / 20) * (long) batch);
    }

    /** Trains a dictionary. */
    KnownDictionaryReport run(SynthsaeKind kind) {
        DictionaryLayer layer = kind.layer(this)
                .nIn(sources.dimensions())
                .nOut(sources.dimensions())
                .units(units)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new FastAdam(new MapSchedule.Builder(ScheduleType.ITERATION)
                        .add(0, rate)
                        .add(Math.max(1, 4 * steps / 5), rate / 5)
                        .build()))
                .list()
                .layer(layer)
                .build());
        network.init();
        INDArray few = sources.examples(HELD_OUT - BLOCK, 512);
        if (penalty != null) {
            penalty.measure(() -> {
                SparseCodes codes = SparseDictionary.of(network).encode(few);
                return (double) codes.size() / codes.examples();
            });
        }
        try (MinibatchBar bar = new MinibatchBar(kind.toString(), steps)) {
            Trainer.Builder trainer = new Trainer.Builder(network, sources.iterator(batch, steps))
                    .steps(steps)
                    .listener(bar, new CurveListener(network));
            if (penalty != null) {
                trainer.listener(penalty);
            }
            trainer.build().fit();
        }
        return compare(SparseDictionary.of(network), heldOut);
    }

    /** Returns training examples and MCC, in this order. */
    double[][] curve() {
        return new double[][] {
            curve.stream().mapToDouble(point -> point[0]).toArray(),
            curve.stream().mapToDouble(point -> point[1]).toArray()
        };
    }

    private KnownDictionaryReport compare(SparseDictionary dictionary, int examples) {
        KnownDictionaryReport.Accumulator sums =
                KnownDictionaryReport.accumulator(dictionary.decoderWeights(), sources.directions());
        for (int from = 0; from < examples; from += BLOCK) {
            SuperpositionSample sample = sources.sample(HELD_OUT + from, Math.min(BLOCK, examples - from));
            SparseCodes codes = dictionary.encode(sample.x());
            sums.add(sample.x(), dictionary.decode(codes), codes, SparseCodes.of(sample.codes()));
        }
        return sums.report();
    }

    /** Measures the MCC at some points of the training. */
    private final class CurveListener implements ProgressListener {
        private final MultiLayerNetwork network;

        CurveListener(MultiLayerNetwork network) {
            this.network = network;
        }

        @Override
        public void stepDone(int epoch, long step, double score) {
            if (step % Math.max(1, steps / POINTS) == 0) {
                KnownDictionaryReport report = compare(SparseDictionary.of(network), BLOCK);
                curve.add(new double[] {(double) step * batch, report.mcc()});
                System.out.println(step + " steps: " + report);
            }
        }
    }
}
