package io.github.dl4jae.dictionary;

/**
 * The effect of replaced activations on the outputs of a network, over some examples.
 *
 * <pre>
 * loss recovered = (L_ablated − L_spliced) / (L_ablated − L_clean)
 * </pre>
 *
 * <p>1 means that the replacement is as good as the activations, 0 that it is no better than the {@link Ablation}. It
 * can be negative, and above 1.
 *
 * @param examples the number of examples
 * @param cleanLoss the mean loss per example of the network as it is, in the unit of its loss
 * @param splicedLoss the mean loss per example with replaced activations
 * @param ablatedLoss the mean loss per example with ablated activations
 * @param cleanAccuracy the share of outputs that agree with the labels; NaN if the outputs are no probabilities
 * @param splicedAccuracy the share with replaced activations, likewise
 * @param ablatedAccuracy the share with ablated activations, likewise
 * @param divergence the mean KL divergence of the spliced outputs from the clean ones in nats per example, or per time
 *     step; NaN if the outputs are no probabilities
 * @param ablatedDivergence the mean KL divergence of the ablated outputs, likewise
 */
public record SpliceEffect(
        long examples,
        double cleanLoss,
        double splicedLoss,
        double ablatedLoss,
        double cleanAccuracy,
        double splicedAccuracy,
        double ablatedAccuracy,
        double divergence,
        double ablatedDivergence) {

    /**
     * Returns the part of the loss that the replacement recovers.
     *
     * @return 1 for a perfect replacement; NaN if the ablation does not change the loss
     */
    public double lossRecovered() {
        double range = ablatedLoss - cleanLoss;
        return range == 0 ? Double.NaN : (ablatedLoss - splicedLoss) / range;
    }
}
