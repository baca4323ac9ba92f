/**
 * Description length: the number of bits that a model needs to tell a receiver the data, and real streams of that
 * length.
 *
 * <p>The sender transmits a code z and what is left of x given z. With a code drawn from q(z|x) the receiver can work
 * out q afterwards, and gets back the random bits that chose z:
 *
 * <pre>
 * L(x) = E_q[−log₂ p(z) − log₂ p(x|z)] − E_q[−log₂ q(z|x)]  =  −ELBO(x) / ln 2
 *            codes        residuals           bits back
 * </pre>
 *
 * <p>Real numbers have infinite description length. They are told to a quantum t, with −log₂ p(x|z) − log₂ t bits for
 * each.
 *
 * <ul>
 *   <li>{@link io.github.dl4jae.mdl.DescriptionLength} is the ledger of these parts,
 *   <li>{@link io.github.dl4jae.mdl.BitsBackCode} compresses examples without loss by a variational autoencoder, to
 *       {@link io.github.dl4jae.mdl.CodedExamples},
 *   <li>{@link io.github.dl4jae.mdl.FactorialVectorQuantizer} minimizes the description length of Hinton and Zemel with
 *       several stochastic vector quantizers whose outputs add up; {@link io.github.dl4jae.mdl.FactorialCode} writes
 *       its two-part and stochastic codes as streams.
 * </ul>
 *
 * <p>Hinton and Zemel, "Autoencoders, minimum description length and Helmholtz free energy", NIPS 1993; Townsend, Bird
 * and Barber, "Practical lossless compression with latent variables using bits back coding", ICLR 2019.
 */
@NullMarked
package io.github.dl4jae.mdl;

import org.jspecify.annotations.NullMarked;
