/**
 * Entropy coding: symbols to bits and back, with exact integers.
 *
 * <p>A stack of asymmetric numeral systems ({@link io.github.dl4jae.coding.AnsStack}) holds one large integer. A symbol
 * with frequency f of 2ᵖ and cumulative count c is pushed and popped by
 *
 * <pre>
 * push:  x ← ⌊x / f⌋·2ᵖ + c + (x mod f)        pop:  x ← f·⌊x / 2ᵖ⌋ + (x mod 2ᵖ) − c
 * </pre>
 *
 * which costs p − log₂ f bits. The last symbol pushed is the first popped. Popping with a distribution from which
 * nothing was pushed draws a sample from it, and uses up the sample's information content in bits: bits-back coding
 * rests on this.
 *
 * <p>Encoder and decoder must use the same integers. {@link io.github.dl4jae.coding.FrequencyTable}, {@link
 * io.github.dl4jae.coding.AdaptiveCounts} and {@link io.github.dl4jae.coding.NormalBuckets} compute them in Java
 * alone, without intrinsics, so that they agree on every machine. {@link io.github.dl4jae.coding.CodedStream} is the
 * container with version and checksum.
 */
@NullMarked
package io.github.dl4jae.coding;

import org.jspecify.annotations.NullMarked;
