package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Backprop of an {@link EncoderPass}: a loop over active units, which share nothing, so that threads take units.
 *
 * <pre>
 * g_bj = −2 ⟨E_b, d_j⟩        ∂d_j = −2 Σ_b f_bj E_b        δ_bj = rule(g_bj)        ∂w_j = Σ_b δ_bj x_b
 * ∂b_dec = −2 Σ_b E_b, and where the encoder sees x − b_dec also −Σ_j (Σ_b δ_bj) w_j
 * </pre>
 */
final class UnitBackprop {

    private final DictionaryPass pass;
    private final CodeRule rule;
    private final Auxiliary auxiliary;
    private final Residuals residuals;
    private final DictionaryGradients gradients;
    private final double scale;
    private final RowMatrix encoder;
    private final int[] widths;
    private final RowVector[] inputs;
    private final double[] biasGradient;
    private double[] delta = {};
    private double[] auxiliaryDelta = {};
    /** −Σ_j (Σ_b δ_bj) w_j by block of units. */
    private RowVector[] centering = {};

    private double penalty;

    UnitBackprop(
            DictionaryPass pass,
            CodeRule rule,
            Auxiliary auxiliary,
            Residuals residuals,
            DictionaryGradients gradients,
            double scale) {
        this.pass = pass;
        this.rule = rule;
        this.auxiliary = auxiliary;
        this.residuals = residuals;
        this.gradients = gradients;
        this.scale = scale;
        this.encoder = RowMatrix.of(
                pass.context.parameter(DictionaryParamInitializer.ENCODER).transpose());
        this.widths = pass.layer.widths();
        this.inputs = pass.batch.rows();
        this.biasGradient = new double[pass.layer.getUnits()];
    }

    /** Returns δ of a pair, after {@link #run}. */
    double delta(int pair) {
        return delta[pair];
    }

    double auxiliaryDelta(int pair) {
        return auxiliaryDelta[pair];
    }

    /** Returns the sum of all penalties of single units. */
    double penalty() {
        return penalty;
    }

    /** Computes the gradients of all active units. */
    void run(PairList pairs, PairList auxiliaryPairs, boolean centers) {
        UnitOrder order = new UnitOrder(pairs);
        UnitOrder auxiliaryOrder = new UnitOrder(auxiliaryPairs);
        int[] active = IntStream.range(0, biasGradient.length)
                .filter(j -> order.count(j) + auxiliaryOrder.count(j) > 0)
                .toArray();
        gradients.begin(active);
        delta = new double[pairs.size()];
        auxiliaryDelta = new double[auxiliaryPairs.size()];
        long work = 4L * pass.decoder.columns() * (1 + pairs.size() / Math.max(1, active.length));
        RowBlocks blocks = RowBlocks.of(active.length, work);
        double[] penalties = new double[blocks.count()];
        centering = new RowVector[blocks.count()];
        blocks.forEach((block, from, to) -> {
            Worker worker = new Worker(centers);
            for (int i = from; i < to; i++) {
                worker.process(active[i], pairs, order, auxiliaryPairs, auxiliaryOrder);
            }
            penalties[block] = worker.penalties;
            centering[block] = worker.centeringSum;
        });
        penalty = Arrays.stream(penalties).sum();
    }

    /** Writes the gradients of biases and of the encoder's own parameters. */
    void writeVectors(RowVector[] allResiduals) {
        gradients.write(pass.layer.getEncoder().bias(), biasGradient, scale);
        rule.gradients().forEach((name, gradient) -> gradients.write(name, gradient, scale));
        RowVector sum = pass.decoder.vector();
        for (RowVector residual : allResiduals) {
            sum.add(-2, residual);
        }
        if (pass.layer.hasCenteredInput()) {
            for (RowVector part : centering) {
                sum.add(part);
            }
        }
        double[] decoderBias = new double[sum.length()];
        Arrays.setAll(decoderBias, sum::get);
        gradients.write(DictionaryParamInitializer.DECODER_BIAS, decoderBias, scale);
    }

    /** The working memory of a thread. */
    private final class Worker {

        private final UnitGradient unit = new UnitGradient();
        private final RowVector d = pass.decoder.vector();
        private final RowVector decoderGradient = pass.decoder.vector();
        private final RowVector encoderGradient = encoder.vector();
        private final RowVector centeringSum = encoder.vector();
        private final @Nullable RowVector w;
        private double penalties;

        Worker(boolean centers) {
            w = centers ? encoder.vector() : null;
        }

        void process(int j, PairList pairs, UnitOrder order, PairList auxiliaryPairs, UnitOrder auxiliaryOrder) {
            pass.decoder.read(j, d);
            decoderGradient.clear();
            encoderGradient.clear();
            double sum = fromCodes(j, pairs, order) + fromRevival(j, auxiliaryPairs, auxiliaryOrder);
            pass.project(decoderGradient, d);
            decoderGradient.scale(scale);
            encoderGradient.scale(scale);
            gradients.writeDecoder(j, decoderGradient);
            gradients.writeEncoder(j, encoderGradient);
            if (w != null) {
                encoder.read(j, w);
                centeringSum.add(-sum, w);
            }
        }

        /** Adds the gradients of codes and returns Σ_b δ_bj. */
        private double fromCodes(int j, PairList pairs, UnitOrder order) {
            RowVector[] above = residuals.byWidth[width(j)];
            int count = order.count(j);
            unit.start(j, count);
            unit.norm = rule.chargesNorms() ? Math.sqrt(d.dot(d)) : 1;
            for (int i = 0; i < count; i++) {
                int p = order.pair(j, i);
                int b = order.example(j, i);
                unit.pre[i] = pairs.pre(p);
                unit.value[i] = pairs.value(p);
                unit.gradient[i] = -2 * d.dot(above[b]);
                if (residuals.ofGate != null) {
                    unit.gateGradient[i] = -2 * d.dot(residuals.ofGate[b]);
                }
            }
            rule.backward(unit);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                int b = order.example(j, i);
                if (unit.value[i] != 0) {
                    decoderGradient.add(-2 * unit.value[i], above[b]);
                }
                if (unit.gradient[i] != 0) {
                    encoderGradient.add(unit.gradient[i], inputs[b]);
                }
                delta[order.pair(j, i)] = unit.gradient[i];
                sum += unit.gradient[i];
            }
            if (unit.normGradient != 0 && unit.norm != 0) {
                decoderGradient.add(unit.normGradient / unit.norm, d);
            }
            biasGradient[j] = unit.biasGradient;
            penalties += unit.penalty;
            return sum;
        }

        /** Adds the gradients of the auxiliary loss and returns their Σ_b δ_bj. */
        private double fromRevival(int j, PairList pairs, UnitOrder order) {
            double factor = -2 * auxiliary.weight();
            double sum = 0;
            for (int i = 0; i < order.count(j); i++) {
                int p = order.pair(j, i);
                RowVector residual = residuals.ofDead[order.example(j, i)];
                double g = factor * d.dot(residual);
                decoderGradient.add(factor * pairs.value(p), residual);
                encoderGradient.add(g, inputs[order.example(j, i)]);
                auxiliaryDelta[p] = g;
                sum += g;
            }
            biasGradient[j] += sum;
            return sum;
        }

        private int width(int unit) {
            int i = 0;
            while (unit >= widths[i]) {
                i++;
            }
            return i;
        }
    }
}
