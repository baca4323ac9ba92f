package io.github.dl4jae.runtime;

/**
 * Measured speeds, each a median.
 *
 * @param gigaflops 10⁹ floating-point operations per second of a float32 product of two matrices of 1024 × 1024
 * @param smallOperationMicros microseconds of an ND4J operation in place on 4 × 3 values: the cost of a call
 * @param largeOperationMicros microseconds of a sigmoid in place on 128 × 784 values
 * @param stepMillis milliseconds of a training step: dense layers 784-256-784, 128 examples, FastAdam
 */
public record Speed(double gigaflops, double smallOperationMicros, double largeOperationMicros, double stepMillis) {}
