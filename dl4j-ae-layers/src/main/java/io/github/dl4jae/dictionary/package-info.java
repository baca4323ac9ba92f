/**
 * Sparse dictionaries: overcomplete sets of directions, a few of which describe each example. Trained on the
 * activations of a network, they take it apart into features that can be looked at.
 *
 * <pre>
 * z = (x − b_dec)·W_enc + b_enc        f = encoder(z)        x̂ = f·W_dec + b_dec
 * </pre>
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.dictionary.DictionaryLayer} trains in any network,
 *   <li>its {@link io.github.dl4jae.dictionary.DictionaryEncoder} decides which units are active: {@link
 *       io.github.dl4jae.dictionary.TopKEncoder}, {@link io.github.dl4jae.dictionary.BatchTopKEncoder}, {@link
 *       io.github.dl4jae.dictionary.AbsTopKEncoder}, {@link io.github.dl4jae.dictionary.JumpReLUEncoder}, {@link
 *       io.github.dl4jae.dictionary.GatedEncoder}, {@link io.github.dl4jae.dictionary.L1Encoder} and {@link
 *       io.github.dl4jae.dictionary.MatchingPursuitEncoder},
 *   <li>{@link io.github.dl4jae.dictionary.SparseDictionary} is the trained result, with codes as {@link
 *       io.github.dl4jae.dictionary.SparseCodes},
 *   <li>{@link io.github.dl4jae.dictionary.SaeLensDictionary} reads and writes the files of SAELens,
 *   <li>{@code SparseDictionary.attach} trains dictionaries of a layer of a trained network, the {@link
 *       io.github.dl4jae.dictionary.AttachedDictionaries},
 *   <li>{@link io.github.dl4jae.dictionary.LayerActivations} are its activations as rows, and {@link
 *       io.github.dl4jae.dictionary.NetworkSplice} runs it with replaced ones.
 * </ul>
 *
 * <p>{@link io.github.dl4jae.dictionary.FeatureCollector} collects statistics and examples of the features, {@link
 * io.github.dl4jae.dictionary.FeaturePage} shows them, and {@link io.github.dl4jae.dictionary.FeatureSteering} changes
 * them.
 */
@NullMarked
package io.github.dl4jae.dictionary;

import org.jspecify.annotations.NullMarked;
