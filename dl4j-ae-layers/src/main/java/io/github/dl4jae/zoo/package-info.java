/**
 * Ready-made autoencoders: a plain Deeplearning4j configuration from the shape of the data and a few options.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new KSparseAutoencoder.Builder(DataShape.pixels(784)).code(1000).k(25).build().network();
 * network.fit(images, 10);
 * INDArray codes = Autoencoders.of(network, ZooAutoencoder.CODE).encode(x);
 * }</pre>
 *
 * <pre>
 * x → encoder → code → decoder → parameters of p(x̂)
 *
 * features, columns    dense layers, mirrored
 * images               convolutions of stride 2, a dense code, transposed convolutions
 * sequences            an LSTM whose last output is encoded, the code repeated for an LSTM
 * </pre>
 *
 * The kind says what the code is: few numbers, few active units, a distribution, or selected features. Every layer can
 * be changed in the configuration that {@code configuration()} returns.
 */
@NullMarked
package io.github.dl4jae.zoo;

import org.jspecify.annotations.NullMarked;
