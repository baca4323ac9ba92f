package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pass of an encoder with weights: z = x_c·W_enc + b, pairs by its rule, and all gradients in one loop over active
 * units.
 *
 * <pre>
 * g_bj = ∂L/∂f_bj = −2 ⟨E_b, d_j⟩        E_b the sum of the residuals of all widths above j
 * ∂d_j = −2 Σ_b f_bj E_b        δ_bj = rule(g_bj)        ∂w_j = Σ_b δ_bj x_b        ∂b_j = Σ_b δ_bj
 * </pre>
 */
final class EncoderPass extends DictionaryPass {

    private final RowMatrix encoder;
    private final CodeRule rule;
    private final Auxiliary auxiliary;
    private final PairList pairs;
    private final PairList auxiliaryPairs;

    EncoderPass(DictionaryLayer layer, DictionaryBatch batch, PreActivations memory) {
        super(layer, batch);
        this.encoder = RowMatrix.of(
                context.parameter(DictionaryParamInitializer.ENCODER).transpose());
        this.rule = layer.getEncoder().rule(context);
        this.auxiliary = Auxiliary.of(layer, context);
        List<PairList> selected = new ArrayList<>();
        List<PairList> revived = new ArrayList<>();
        int step = PreActivations.examples(layer.getUnits());
        for (int first = 0; first < batch.examples(); first += step) {
            if (first > 0) {
                rule.prune(selected);
            }
            select(first, Math.min(batch.examples(), first + step), memory, selected, revived);
        }
        int units = layer.getUnits();
        this.pairs = rule.choose(PairList.join(units, selected));
        this.auxiliaryPairs = PairList.join(units, revived);
    }

    /** Adds the pairs of some examples. */
    private void select(int first, int end, PreActivations memory, List<PairList> pairs, List<PairList> revived) {
        int units = layer.getUnits();
        INDArray z = memory.array(context.type(), end - first, units);
        INDArray x = end - first == batch.examples()
                ? batch.centered
                : batch.centered.get(NDArrayIndex.interval(first, end), NDArrayIndex.all());
        Products.forward(x, context.parameter(DictionaryParamInitializer.ENCODER), z); // [b,n]·[n,units] → [b,units]
        RowMatrix rows = RowMatrix.of(z);
        RowMatrix biases = RowMatrix.of(context.parameter(layer.getEncoder().bias()));
        RowBlocks blocks = RowBlocks.of(end - first, units);
        PairList[] selected = new PairList[blocks.count()];
        PairList[] dead = new PairList[blocks.count()];
        blocks.forEach((block, from, to) -> {
            RowVector row = rows.vector();
            RowVector bias = biases.vector();
            biases.read(0, bias);
            CodeRule.Scratch scratch = new CodeRule.Scratch(rows.vector());
            selected[block] = new PairList(units);
            dead[block] = new PairList(units);
            for (int b = from; b < to; b++) {
                if (batch.counts(first + b)) {
                    rows.read(b, row);
                    row.add(bias);
                    rule.select(row, scratch, selected[block]);
                    auxiliary.select(row, dead[block]);
                }
                selected[block].endExample();
                dead[block].endExample();
            }
        });
        pairs.addAll(Arrays.asList(selected));
        revived.addAll(Arrays.asList(dead));
    }

    @Override
    PairList pairs() {
        return pairs;
    }

    @Override
    double nextState(double running) {
        return rule.updateState(running);
    }

    @Override
    Loss loss(INDArray labels) {
        double[] reconstruction = residuals(labels).losses;
        double[] norms = rule.chargesNorms() ? norms() : new double[0];
        double[] penalty = new double[reconstruction.length];
        double common = rule.batchLoss(pairs);
        for (int b = 0; b < penalty.length; b++) {
            penalty[b] = batch.counts(b) ? rule.examplePenalty(pairs, b, norms) + common / context.examples() : 0;
        }
        return new Loss(
                Arrays.stream(reconstruction).sum() + Arrays.stream(penalty).sum(), reconstruction, penalty);
    }

    private double[] norms() {
        double[] norms = new double[decoder.rows()];
        RowBlocks.of(norms.length, decoder.columns()).forEach((block, from, to) -> {
            RowVector row = decoder.vector();
            for (int j = from; j < to; j++) {
                decoder.read(j, row);
                norms[j] = Math.sqrt(row.dot(row));
            }
        });
        return norms;
    }

    private Residuals residuals(INDArray labels) {
        return new Residuals(batch, pairs, auxiliaryPairs, decoder, layer.widths(), rule, auxiliary, labels);
    }

    @Override
    Loss backward(INDArray labels, DictionaryGradients gradients, double scale, @Nullable INDArray inputGradient) {
        Residuals residuals = residuals(labels);
        double common = rule.batchLoss(pairs);
        residuals.addWider();
        UnitBackprop backprop = new UnitBackprop(this, rule, auxiliary, residuals, gradients, scale);
        backprop.run(pairs, auxiliaryPairs, layer.hasCenteredInput() || inputGradient != null);
        RowVector[] all = residuals.byWidth[0];
        backprop.writeVectors(all);
        if (layer.hasSkip()) {
            Products.weightGradient(
                    batch.input, matrix(all, -2 * scale), gradients.view(DictionaryParamInitializer.SKIP));
        }
        if (inputGradient != null) {
            writeInputGradient(backprop, all, inputGradient);
        }
        return new Loss(
                Arrays.stream(residuals.losses).sum() + backprop.penalty() + common, residuals.losses, new double[0]);
    }

    /** Returns a multiple of rows as a matrix. */
    private INDArray matrix(RowVector[] rows, double scale) {
        INDArray matrix = Nd4j.createUninitialized(context.type(), new long[] {rows.length, rows[0].length()}, 'c');
        RowMatrix to = RowMatrix.of(matrix);
        RowVector copy = to.vector();
        for (int b = 0; b < rows.length; b++) {
            copy.copy(rows[b]);
            copy.scale(scale);
            to.write(b, copy);
        }
        return matrix;
    }

    /** Writes ∂x_b = Σ_j δ_bj w_j − 2 E_b·W_skipᵀ. */
    private void writeInputGradient(UnitBackprop backprop, RowVector[] all, INDArray to) {
        if (layer.hasSkip()) {
            Products.inputGradient(matrix(all, -2), context.parameter(DictionaryParamInitializer.SKIP), to);
        } else {
            to.assign(0);
        }
        RowMatrix matrix = RowMatrix.of(to);
        int units = layer.getUnits();
        RowVector[] rows =
                Reconstruction.sums(pairs, (list, p) -> backprop.delta(p), encoder, matrix.vectors(), 1, units)[0];
        rows = Reconstruction.sums(auxiliaryPairs, (list, p) -> backprop.auxiliaryDelta(p), encoder, rows, 1, units)[0];
        matrix.write(rows);
    }
}
