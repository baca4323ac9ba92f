package io.github.dl4jae.sequence;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output with its probability and, of a model with attention, what each token looked at.
 *
 * @param text the output
 * @param logProbability ln p(y|x) in nats, the end included
 * @param attention the weight of each token of the source, {@code [tokens of the output and its end, tokens of the
 *     source]}; null without attention
 */
public record Translation(
        String text, double logProbability, @Nullable INDArray attention) {}
