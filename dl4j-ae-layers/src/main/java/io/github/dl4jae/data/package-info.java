/**
 * Data sets: MNIST, Fashion-MNIST and EMNIST from IDX files, and synthetic digits, sprites, tables,
 * sensors and sparse sources.
 *
 * <pre>{@code
 * LabeledImages train = ImageDataset.MNIST.train();
 * network.fit(train.iterator(128).shuffle(42).build(), 10);
 * }</pre>
 *
 * <p>{@link io.github.dl4jae.data.ImageSet} and {@link io.github.dl4jae.data.ImageStream} read images of your own, from
 * IDX files and folders of PNG files.
 *
 * <p>An IDX file is a big-endian header (two zero bytes, the type of the values, the number of dimensions, and each
 * dimension as four bytes) followed by the values. Images and labels are unsigned bytes, type 0x08. The iterator turns
 * a pixel p, from 0 to 255, into p/255, in [0, 1], when it creates a mini-batch.
 *
 * @see io.github.dl4jae.data.ImageDataset
 * @see io.github.dl4jae.data.EmnistDataset
 * @see io.github.dl4jae.data.SyntheticDigits
 */
@NullMarked
package io.github.dl4jae.data;

import org.jspecify.annotations.NullMarked;
