package io.github.dl4jae.penalty;

/**
 * A marker of layer configurations whose layer counts rows as examples: it adds to the score for each row, or samples
 * noise for each row.
 *
 * <p>Such a layer must not see copies of an example. {@code EncoderContraction}, which makes copies, refuses it between
 * its ends. Layer authors mark their own layers so.
 */
public interface CountsRows {}
