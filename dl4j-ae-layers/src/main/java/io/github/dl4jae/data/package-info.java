/**
 * Images to train on: MNIST and Fashion-MNIST in IDX files, and digits that the library draws itself.
 *
 * <pre>{@code
 * LabeledImages train = ImageDataset.MNIST.train();
 * network.fit(train.iterator(128).shuffle(42).build(), 10);
 * }</pre>
 *
 * <p>An IDX file is a big-endian header (two zero bytes, the type 0x08 of unsigned bytes, the number of dimensions, then
 * each dimension as four bytes) followed by the values. Pixels stay bytes, 0 to 255, until a minibatch is made; then a
 * pixel p becomes p/255, in [0, 1].
 *
 * @see io.github.dl4jae.data.ImageDataset
 * @see io.github.dl4jae.data.SyntheticDigits
 */
package io.github.dl4jae.data;
