/**
 * Recurrent layers with the numbers and parameters of Deeplearning4j's, many times as fast on the CPU, and a gated
 * recurrent unit, pooling by attention, a decoder with attention and a reversal that heeds masks, which Deeplearning4j
 * lacks.
 *
 * <p>The stock layers give every step of a sequence to two pools of threads, which wait for each other. Here a thread
 * takes a few examples through all steps.
 */
@NullMarked
package io.github.dl4jae.recurrent;

import org.jspecify.annotations.NullMarked;
