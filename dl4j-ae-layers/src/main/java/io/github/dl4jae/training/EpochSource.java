package io.github.dl4jae.training;

import org.jspecify.annotations.Nullable;

/** The mini-batches of epochs in their order; those before the first that is asked for are read and left out. */
final class EpochSource {

    private final TrainingData data;
    private final RandomSeeds seeds;
    /** The checksum that the first mini-batch of all must have; null to accept any. */
    private final @Nullable Long checksum;

    private @Nullable MiniBatches current;
    private int epoch;

    EpochSource(TrainingData data, RandomSeeds seeds, @Nullable Long checksum) {
        this.data = data;
        this.seeds = seeds;
        this.checksum = checksum;
    }

    /** Returns the mini-batches of an epoch that is not before those returned so far. */
    MiniBatches at(int wanted) {
        if (data.isByEpoch()) {
            if (checksum != null && current == null) {
                seeds.begin(RandomSeeds.Use.DATA, 0, 0);
                new CheckedFirst(data.epoch(0), checksum).next();
            }
            seeds.begin(RandomSeeds.Use.RESET, wanted, 0);
            current = data.epoch(wanted);
            return current;
        }
        MiniBatches all = current;
        if (all == null) {
            MiniBatches iterator = data.epoch(0);
            if (!iterator.hasNext()) { // as after the fit of a normalizer
                seeds.begin(RandomSeeds.Use.RESET, 0, 0);
                iterator.reset();
            }
            all = checksum == null ? iterator : new CheckedFirst(iterator, checksum);
            current = all;
        }
        while (epoch < wanted) {
            skip(all);
            epoch++;
            seeds.begin(RandomSeeds.Use.RESET, epoch, 0);
            all.reset();
        }
        return all;
    }

    private void skip(MiniBatches all) {
        int index = 0;
        seeds.begin(RandomSeeds.Use.DATA, epoch, index++);
        while (all.hasNext()) {
            all.next();
            seeds.begin(RandomSeeds.Use.DATA, epoch, index++);
        }
    }

    /** Mini-batches whose first one is compared with that of another run. */
    private static final class CheckedFirst implements MiniBatches {
        private final MiniBatches minibatches;
        private final long checksum;
        private boolean checked;

        CheckedFirst(MiniBatches minibatches, long checksum) {
            this.minibatches = minibatches;
            this.checksum = checksum;
        }

        @Override
        public MiniBatch next() {
            MiniBatch next = minibatches.next();
            if (!checked && next.checksum() != checksum) {
                throw new CheckpointMismatchException("Trainer: a resumed training must have the data of the first"
                        + " run, in the same order, got another first mini-batch; use the same data, seeds and a new"
                        + " iterator, delete the checkpoint, or call sameData(false) if the order may differ");
            }
            checked = true;
            return next;
        }

        @Override
        public boolean hasNext() {
            return minibatches.hasNext();
        }

        @Override
        public void reset() {
            minibatches.reset();
        }

        @Override
        public boolean asyncSupported() {
            return minibatches.asyncSupported();
        }
    }
}
