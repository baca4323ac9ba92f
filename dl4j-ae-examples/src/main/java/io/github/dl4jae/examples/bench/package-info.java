/** The {@code bench} command, which compares training steps of this library, stock Deeplearning4j and PyTorch. */
package io.github.dl4jae.examples.bench;
