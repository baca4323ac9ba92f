/**
 * Time series: a variational autoencoder whose decoder is a sum of interpretable parts, and scores of generated series.
 *
 * <pre>
 * x[f, t] ≈ level[f] + trend[f, t] + Σ_i season_i[f, t] + residual[f, t]             all of one code z
 * level[f]        = θ[f]
 * trend[f, t]     = Σ_{p=1}^{P} θ[f, p] (t/T)^p
 * season_i[f, t]  = θ_i[f, ⌊t/l_i⌋ mod m_i]          m_i values, each of which lasts l_i steps
 * θ               two dense layers of z for level and trend, one for a season
 * residual        dense and transposed convolutions of z
 *
 * −ln p(x|z) = Σ_t w (Σ_f e[f, t]² + ρ (1/F Σ_f e[f, t])²) + const        e = x − x̂
 * minimized    −E_q ln p(x|z) + β KL(q(z|x)‖N(0, I))
 * </pre>
 *
 * <p>Series have the shape {@code [N, features, time]}.
 *
 * <p>{@link io.github.dl4jae.timeseries.TimeVae} trains, {@link io.github.dl4jae.timeseries.TimeVaeModel} generates,
 * imputes, forecasts and takes series apart. {@link io.github.dl4jae.timeseries.DiscriminativeScore} and {@link
 * io.github.dl4jae.timeseries.PredictiveScore} compare generated series with real ones. {@link
 * io.github.dl4jae.timeseries.TimeBasisLayer} and {@link io.github.dl4jae.timeseries.LossSeries} are layers and losses
 * for networks of your own.
 *
 * @see <a href="https://arxiv.org/abs/2111.08095">Desai et al. 2021, TimeVAE: a variational auto-encoder for
 *     multivariate time series generation</a>
 */
@NullMarked
package io.github.dl4jae.timeseries;

import org.jspecify.annotations.NullMarked;
