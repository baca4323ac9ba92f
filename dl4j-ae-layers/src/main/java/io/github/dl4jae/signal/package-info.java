/**
 * One-dimensional signals such as sound: WAV files, frames and spectra, and filters that remove noise.
 *
 * <pre>
 * y = x + n                            noisy signal, clean signal, noise
 * Y_t[k] = FFT(w ⊙ frame t)            w² of neighboring frames sum to 1 after normalization, so x can be put together
 * x̂ = overlap-add of w ⊙ FFT⁻¹(G_t ⊙ Y_t)
 *
 * G = √max(1 − α N/|Y|², β)            SpectralSubtraction; N: power of the noise per frequency
 * G = ξ/(1 + ξ)                        WienerFilter; ξ: ratio of the powers of signal and noise
 * x̂ = g(f(y)), min ‖x̂ − x‖²            ConvolutionalDenoiser: a denoising autoencoder of windows
 *
 * SNR = 10 lg(Σ x²/Σ (x − x̂)²)         in decibels
 * </pre>
 *
 * <p>A signal is an array of samples, usually from −1 to 1.
 */
@NullMarked
package io.github.dl4jae.signal;

import org.jspecify.annotations.NullMarked;
