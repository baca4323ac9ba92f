package io.github.dl4jae.training;

/**
 * When and how the learning rate falls.
 *
 * @param factor in (0, 1)
 * @param patience points of the curve without improvement
 * @param minimum the smallest value of the largest rate
 */
record Plateau(double factor, int patience, double minimum) {}
