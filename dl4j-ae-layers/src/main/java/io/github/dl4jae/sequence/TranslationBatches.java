package io.github.dl4jae.sequence;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches for a {@link SequenceToSequence}: cut to their longest source and target. */
final class TranslationBatches {

    private final Translator translator;
    private final int[][] sources;
    /** With their ends. */
    private final int[][] targets;

    private final int sourceTokens;
    private final int targetTokens;
    private final PreviousSteps previous;
    /** The iteration of the network before the training. */
    private final int begin;

    TranslationBatches(
            Translator translator,
            int[][] sources,
            int[][] targets,
            int sourceTokens,
            int targetTokens,
            SequenceTraining training) {
        this.translator = translator;
        this.sources = sources;
        this.targets = targets;
        this.sourceTokens = sourceTokens;
        this.targetTokens = targetTokens;
        this.previous = new PreviousSteps(training);
        this.begin = translator.graph().getConfiguration().getIterationCount();
    }

    /** Returns the number of tokens of the longest target, with its end. */
    int longestTarget() {
        return longest(targets);
    }

    private static int longest(int[][] tokens) {
        return Arrays.stream(tokens).mapToInt(each -> each.length).max().orElseThrow();
    }

    /** Makes a mini-batch with the true previous tokens. */
    MultiDataSet forced(int[] rows) {
        return new Batch(rows).toDataSet();
    }

    /** Makes a mini-batch of training; one that a resumed training only passes by has true tokens. */
    MultiDataSet training(int[] rows, long iteration) {
        Batch batch = new Batch(rows);
        if (translator.isConditioned()) {
            long done = (long) translator.graph().getConfiguration().getIterationCount() - begin;
            previous.replace(
                    batch.before,
                    iteration,
                    done,
                    () -> translator.mix(previous, batch.before, batch.source, batch.sourceMask, iteration));
        }
        return batch.toDataSet();
    }

    /** The arrays of a mini-batch. */
    private final class Batch {
        final INDArray source;
        final INDArray sourceMask;
        final INDArray target;
        final INDArray targetMask;
        final INDArray before;

        Batch(int[] rows) {
            int[][] in = Arrays.stream(rows).mapToObj(row -> sources[row]).toArray(int[][]::new);
            int[][] out = Arrays.stream(rows).mapToObj(row -> targets[row]).toArray(int[][]::new);
            source = oneHot(in, sourceTokens);
            sourceMask = mask(in);
            target = oneHot(out, targetTokens);
            targetMask = mask(out);
            INDArray start = Nd4j.zeros(target.dataType(), target.size(0), targetTokens);
            start.getColumn(Vocabulary.START).assign(1);
            before = PreviousSteps.shifted(target, start);
        }

        private INDArray oneHot(int[][] tokens, int vocabulary) {
            return TokenRows.oneHot(tokens, vocabulary, longest(tokens))
                    .castTo(translator.pass().type());
        }

        private INDArray mask(int[][] tokens) {
            int[] lengths = Arrays.stream(tokens).mapToInt(each -> each.length).toArray();
            return SequenceLengths.mask(lengths, longest(tokens));
        }

        MultiDataSet toDataSet() {
            return new org.nd4j.linalg.dataset.MultiDataSet(
                    new INDArray[] {source, before},
                    new INDArray[] {target},
                    new INDArray[] {sourceMask, targetMask},
                    new INDArray[] {targetMask.dup()});
        }
    }
}
