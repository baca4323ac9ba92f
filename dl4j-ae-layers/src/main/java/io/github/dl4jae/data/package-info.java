/**
 * Data sets: MNIST and Fashion-MNIST from IDX files, and synthetic digits, sprites and tables.
 *
 * <pre>{@code
 * LabeledImages train = ImageDataset.MNIST.train();
 * network.fit(train.iterator(128).shuffle(42).build(), 10);
 * }</pre>
 *
 * <p>An IDX file is a big-endian header (two zero bytes, the type 0x08 of unsigned bytes, the number of dimensions, and
 * each dimension as four bytes) followed by the values. Pixels are stored as bytes from 0 to 255. The iterator turns a
 * pixel p into p/255, in [0, 1], when it creates a mini-batch.
 *
 * @see io.github.dl4jae.data.ImageDataset
 * @see io.github.dl4jae.data.SyntheticDigits
 */
@NullMarked
package io.github.dl4jae.data;

import org.jspecify.annotations.NullMarked;
