package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A mini-batch at a dictionary: its input and its targets, without what the biases and the skip connection explain. */
final class DictionaryBatch {

    /** The input, {@code [B, n]} in 'c' order. */
    final INDArray input;
    /** The input of the encoder: x, or x − b_dec. */
    final INDArray centered;

    final PassContext context;
    private final double @Nullable [] mask;
    private final INDArray offsets;

    /**
     * Creates a mini-batch.
     *
     * @param input {@code [B, n]}
     * @param mask a number per example, 0 where it does not count; null if all count
     */
    DictionaryBatch(DictionaryLayer layer, PassContext context, INDArray input, double @Nullable [] mask) {
        INDArray bias = context.parameter(DictionaryParamInitializer.DECODER_BIAS);
        this.context = context;
        this.mask = mask;
        this.input = rowMajor(input.castTo(context.type()));
        this.centered = layer.hasCenteredInput() ? rowMajor(this.input.subRowVector(bias)) : this.input;
        if (layer.hasSkip()) {
            offsets = Nd4j.createUninitialized(context.type(), new long[] {input.size(0), bias.length()}, 'c');
            Products.forward(this.input, context.parameter(DictionaryParamInitializer.SKIP), offsets);
            offsets.addiRowVector(bias);
        } else {
            offsets = bias;
        }
    }

    static INDArray rowMajor(INDArray array) {
        boolean contiguous = array.ordering() == 'c' && !array.isView() && array.stride(1) == 1;
        return contiguous ? array : array.dup('c');
    }

    int examples() {
        return Math.toIntExact(input.size(0));
    }

    boolean counts(int example) {
        return mask == null || mask[example] != 0;
    }

    /** Returns the rows that the encoder sees. */
    RowVector[] rows() {
        return RowMatrix.of(centered).vectors();
    }

    /** Returns b_dec, or b_dec + x·W_skip, of each example; the vectors may be the same. */
    RowVector[] offsets() {
        RowVector[] rows = RowMatrix.of(offsets).vectors();
        if (rows.length == examples()) {
            return rows;
        }
        RowVector[] all = new RowVector[examples()];
        Arrays.fill(all, rows[0]); // b_dec of all
        return all;
    }

    /** Returns y − b_dec (− x·W_skip) of each example, and zeros for masked ones. */
    RowVector[] targets(INDArray labels) {
        RowVector[] targets =
                RowMatrix.of(rowMajor(labels.castTo(context.type()))).vectors();
        RowVector[] offsets = offsets();
        for (int b = 0; b < targets.length; b++) {
            if (counts(b)) {
                targets[b].add(-1, offsets[b]);
            } else {
                targets[b].clear();
            }
        }
        return targets;
    }
}
