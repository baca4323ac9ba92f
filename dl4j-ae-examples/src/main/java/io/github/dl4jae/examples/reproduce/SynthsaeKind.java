package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.dictionary.AbsTopKEncoder;
import io.github.dl4jae.dictionary.AuxiliaryLoss;
import io.github.dl4jae.dictionary.BatchTopKEncoder;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.GatedEncoder;
import io.github.dl4jae.dictionary.JumpReLUEncoder;
import io.github.dl4jae.dictionary.L1Encoder;
import io.github.dl4jae.dictionary.MatchingPursuitEncoder;
import io.github.dl4jae.dictionary.TopKEncoder;

/** A kind of dictionary, with the figures that are published for it at L0 = 25. */
enum SynthsaeKind {
    /** Nested dictionaries with the widths of the benchmark: a 32nd, an eighth and a half of all units. */
    MATRYOSHKA("Matryoshka", 0.8793, 0.7927, 0.9987, 0.7792) {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            int n = training.units();
            return BATCH_TOP_K.layer(training).matryoshka(n / 32, n / 8, n / 2);
        }
    },
    /** The largest values of a mini-batch. */
    BATCH_TOP_K("BatchTopK", 0.7316, 0.7574, 0.9837, 0.7923) {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return revived(training).encoder(new BatchTopKEncoder(training.k()));
        }
    },
    /** The k largest values of an example. */
    TOP_K("TopK") {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return revived(training).encoder(new TopKEncoder(training.k()));
        }
    },
    /** The k values of largest magnitude. */
    ABS_TOP_K("AbsTopK") {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return revived(training).encoder(new AbsTopKEncoder(training.k()));
        }
    },
    /** Learned thresholds, with the settings of the benchmark. */
    JUMP_RELU("JumpReLU", 0.7317, 0.7527, 0.9885, 0.7951) {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return revived(training)
                    .encoder(JumpReLUEncoder.tanh(training.penalty(0.2)).withInitialThreshold(0.5));
        }
    },
    /** A gate with a penalty, and a magnitude without. */
    GATED("gated") {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return new DictionaryLayer.Builder().encoder(new GatedEncoder(training.penalty(3)));
        }
    },
    /** A ReLU with a penalty. */
    L1("L1", 0.5562, 0.6039, 0.8976, 0.7654) {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return new DictionaryLayer.Builder().encoder(new L1Encoder(training.penalty(3)));
        }
    },
    /** Matching pursuit. */
    PURSUIT("pursuit", 0.4464, 0.6930, 0.8281, 0.8351) {
        @Override
        DictionaryLayer.Builder layer(SynthsaeTraining training) {
            return new DictionaryLayer.Builder().encoder(new MatchingPursuitEncoder(training.l0()));
        }
    };

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final double[] published;

    SynthsaeKind(String title, double... published) {
        this.title = title;
        this.published = published;
    }

    /** Returns a layer but for its width. */
    abstract DictionaryLayer.Builder layer(SynthsaeTraining training);

    private static DictionaryLayer.Builder revived(SynthsaeTraining training) {
        return new DictionaryLayer.Builder()
                .revival(new AuxiliaryLoss(2 * training.l0(), 1 / 32.0, training.deadAfter()));
    }

    /** Returns F1, MCC, uniqueness and explained variance; empty if the kind is not in the paper. */
    double[] published() {
        return published.clone();
    }

    @Override
    public String toString() {
        return title;
    }
}
