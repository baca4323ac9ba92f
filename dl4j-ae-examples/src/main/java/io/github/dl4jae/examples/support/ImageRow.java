package io.github.dl4jae.examples.support;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A row of images in a picture of a report.
 *
 * @param label what the images are, such as {@code reconstruction}
 * @param images images of 28×28 pixels, {@code [images, 784]}
 */
public record ImageRow(String label, INDArray images) {}
