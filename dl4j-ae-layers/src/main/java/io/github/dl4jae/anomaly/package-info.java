/**
 * Anomaly detection: scores over a trained autoencoder, thresholds with a stated false-alarm rate, and explanations.
 *
 * <pre>
 * residual     r = x − x̂              what the autoencoder cannot reconstruct
 * code         h = f(x)               where the example lies among the training examples
 * likelihood   ln p(x), −ELBO, …      of a variational autoencoder
 * score        s(x), larger for anomalies
 * threshold    t with P(s(x) &gt; t | x normal) = α, from held-out normal examples
 * </pre>
 *
 * <p>An autoencoder that is trained on normal examples reconstructs others worse. That holds only if it cannot
 * reconstruct everything: a code that is too wide, or training that is too long, reconstructs anomalies too. Scores of
 * training examples are smaller than those of new ones, so thresholds need held-out examples.
 */
@NullMarked
package io.github.dl4jae.anomaly;

import org.jspecify.annotations.NullMarked;
