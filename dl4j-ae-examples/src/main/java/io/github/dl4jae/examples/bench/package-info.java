/** The {@code bench} command: whole training steps of this library, of stock Deeplearning4j and of PyTorch, side by side. */
package io.github.dl4jae.examples.bench;
