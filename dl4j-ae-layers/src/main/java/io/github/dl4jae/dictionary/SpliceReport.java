package io.github.dl4jae.dictionary;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The effect of replaced activations on a network: loss recovered, KL divergence of the outputs, accuracy, in total and
 * by class.
 *
 * @param total the effect over all examples
 * @param byClass the effect over the examples of each class, by the index of the class; empty if the labels are no
 *     classes of examples, as for sequences with labels per step
 * @param loss the name of the loss
 * @param probabilities "softmax" or "sigmoid", the outputs that divergence and accuracy compare; "none" for others
 * @param ablation what the dictionary is compared with
 */
public record SpliceReport(
        SpliceEffect total, Map<Integer, SpliceEffect> byClass, String loss, String probabilities, Ablation ablation) {

    /**
     * Creates a report.
     *
     * @param total the effect over all examples
     * @param byClass copied
     * @param loss the name of the loss
     * @param probabilities the kind of outputs
     * @param ablation what the dictionary is compared with
     */
    public SpliceReport {
        byClass = Collections.unmodifiableMap(new TreeMap<>(byClass));
    }

    /** Returns a table with a line for each class. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "loss: %s; ablation: %s; outputs: %s%n%-7s %8s %14s %8s %8s %8s %9s %8s %8s %10s",
                loss,
                ablation.name().toLowerCase(Locale.ROOT),
                probabilities,
                "class",
                "examples",
                "loss recovered",
                "clean",
                "spliced",
                "ablated",
                "accuracy",
                "spliced",
                "ablated",
                "KL [nats]"));
        line(table, "all", total);
        byClass.forEach((label, effect) -> line(table, label.toString(), effect));
        return table.toString();
    }

    private static void line(StringBuilder table, String name, SpliceEffect effect) {
        table.append(String.format(
                Locale.ROOT,
                "%n%-7s %8d %14.4f %8.4f %8.4f %8.4f %9.4f %8.4f %8.4f %10.4f",
                name,
                effect.examples(),
                effect.lossRecovered(),
                effect.cleanLoss(),
                effect.splicedLoss(),
                effect.ablatedLoss(),
                effect.cleanAccuracy(),
                effect.splicedAccuracy(),
                effect.ablatedAccuracy(),
                effect.divergence()));
    }
}
