package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a training of sequences.
 *
 * <pre>{@code
 * new SequenceTraining.Builder().epochs(30).teacherForcing(TeacherForcing.inverseSigmoid(1000)).build()
 * }</pre>
 */
public final class SequenceTraining {

    private final Builder options;

    private SequenceTraining(Builder options) {
        this.options = options;
    }

    int batch() {
        return options.batch;
    }

    TeacherForcing teacherForcing() {
        return options.teacherForcing;
    }

    double previousDropout() {
        return options.previousDropout;
    }

    long seed() {
        return options.seed;
    }

    /** Sets the options of a trainer. */
    void apply(Trainer.Builder trainer) {
        trainer.epochs(options.epochs).listener(options.listeners.toArray(ProgressListener[]::new));
        if (options.checkpoint != null) {
            trainer.checkpoint(options.checkpoint);
        }
        options.more.accept(trainer);
    }

    /** Builds a {@link SequenceTraining}. */
    public static final class Builder {
        private static final String SUBJECT = "SequenceTraining";

        private int epochs = 10;
        private int batch = 64;
        private TeacherForcing teacherForcing = TeacherForcing.always();
        private double previousDropout;
        private long seed = 42;
        private @Nullable Path checkpoint;
        private final List<ProgressListener> listeners = new ArrayList<>();
        private Consumer<Trainer.Builder> more = trainer -> {};

        /** Creates a builder. */
        public Builder() {}

        private Builder(Builder from) {
            epochs = from.epochs;
            batch = from.batch;
            teacherForcing = from.teacherForcing;
            previousDropout = from.previousDropout;
            seed = from.seed;
            checkpoint = from.checkpoint;
            listeners.addAll(from.listeners);
            more = from.more;
        }

        /**
         * Sets the number of epochs. Default: 10.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int count) {
            this.epochs = Require.atLeast(1, SUBJECT, "epochs", count, "");
            return this;
        }

        /**
         * Sets the number of sequences in a mini-batch. Default: 64.
         *
         * @param size at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batch(int size) {
            this.batch = Require.atLeast(1, SUBJECT, "batch", size, "");
            return this;
        }

        /**
         * Sets how often a conditioned decoder reads the true previous step. Default: always.
         *
         * @param schedule ε
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder teacherForcing(TeacherForcing schedule) {
            this.teacherForcing = Require.given(SUBJECT, "teacherForcing", schedule, "");
            return this;
        }

        /**
         * Sets the probability that a conditioned decoder reads zeros instead of a previous step. With it a variational
         * model cannot ignore its code: the word dropout of Bowman et al. 2016. Default: 0.
         *
         * @param probability in [0, 1]
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder previousDropout(double probability) {
            Require.that(
                    probability >= 0 && probability <= 1,
                    SUBJECT,
                    "previousDropout must be in [0, 1]",
                    probability,
                    "");
            this.previousDropout = probability;
            return this;
        }

        /**
         * Sets the seed of the order of sequences, of scheduled sampling and of dropped steps. Default: 42.
         *
         * @param number any number
         * @return this
         */
        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        /**
         * Sets the file from which an interrupted training continues exactly. Default: none.
         *
         * @param file see {@link Trainer.Builder#checkpoint}
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = Require.given(SUBJECT, "checkpoint", file, "");
            return this;
        }

        /**
         * Adds listeners.
         *
         * @param added are called during training
         * @return this
         */
        public Builder listener(ProgressListener... added) {
            listeners.addAll(List.of(added));
            return this;
        }

        /**
         * Sets further options of the trainer, such as validation and early stopping.
         *
         * @param settings is called last
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder trainer(Consumer<Trainer.Builder> settings) {
            this.more = Require.given(SUBJECT, "trainer", settings, "");
            return this;
        }

        /**
         * Builds the options.
         *
         * @return a copy of what was set
         */
        public SequenceTraining build() {
            return new SequenceTraining(new Builder(this));
        }
    }
}
