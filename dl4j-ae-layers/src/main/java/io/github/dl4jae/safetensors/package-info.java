/**
 * Arrays by name in the safetensors format, which most programs for neural networks read and write.
 *
 * <pre>
 * file   = n (8 bytes, little-endian, at most 100,000,000), header (n bytes), data
 * header = {"__metadata__": {text: text, …}, name: tensor, …}
 * tensor = {"dtype": type, "shape": [d₁, d₂, …], "data_offsets": [from, to]}
 * </pre>
 *
 * The header is JSON in UTF-8, padded with spaces. Offsets count from the start of the data. The tensors fill the data
 * without gaps, each in row-major ('c') order with little-endian values. A file has arrays only: nothing in it is ever
 * run, unlike in a pickle of PyTorch.
 *
 * <p>{@link io.github.dl4jae.safetensors.SafetensorsFile} reads and writes files. {@link
 * io.github.dl4jae.safetensors.ModelTensors} does so with the parameters of a network.
 */
@NullMarked
package io.github.dl4jae.safetensors;

import org.jspecify.annotations.NullMarked;
