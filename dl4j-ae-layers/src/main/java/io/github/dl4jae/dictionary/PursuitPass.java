package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The pass of {@link MatchingPursuitEncoder}: k products with all atoms, and backprop through the unrolled steps.
 */
final class PursuitPass extends DictionaryPass {

    /** The largest number of values in the gradients of single steps: 64 MiB in float32. */
    private static final int MOST = 1 << 24;

    /** The steps of each example in order; a unit can come twice. */
    private final PairList steps;
    /** The codes: steps of the same unit are added. */
    private final PairList pairs;
    /** x − b_dec minus all steps. */
    private final RowVector[] rest;

    PursuitPass(DictionaryLayer layer, DictionaryBatch batch, PreActivations memory) {
        super(layer, batch);
        int most = Math.toIntExact(Math.round(context.sparsity()));
        int units = layer.getUnits();
        List<List<Step>> found = IntStream.range(0, batch.examples())
                .<List<Step>>mapToObj(b -> new ArrayList<>(most))
                .toList();
        rest = RowMatrix.of(batch.centered.dup('c')).vectors();
        int part = PreActivations.examples(layer.getUnits());
        for (int first = 0; first < batch.examples(); first += part) {
            pursue(first, Math.min(batch.examples(), first + part), most, memory, found);
        }
        steps = new PairList(units);
        for (List<Step> example : found) {
            for (Step step : example) {
                steps.add(step.unit(), step.coefficient(), step.coefficient());
            }
            steps.endExample();
        }
        pairs = added(steps);
    }

    private record Step(int unit, double coefficient) {}

    private void pursue(int first, int end, int most, PreActivations memory, List<List<Step>> found) {
        INDArray residuals = batch.centered
                .get(NDArrayIndex.interval(first, end), NDArrayIndex.all())
                .dup('c');
        RowMatrix rows = RowMatrix.of(residuals);
        INDArray products = memory.array(context.type(), end - first, layer.getUnits());
        INDArray atoms = context.parameter(DictionaryParamInitializer.DECODER).transpose();
        for (int step = 0; step < most; step++) {
            Products.forward(residuals, atoms, products); // [b,n]·[n,units] → [b,units]
            RowMatrix scores = RowMatrix.of(products);
            RowBlocks.of(end - first, layer.getUnits()).forEach((block, from, to) -> {
                RowVector score = scores.vector();
                RowVector atom = decoder.vector();
                int[] best = new int[1];
                for (int b = from; b < to; b++) {
                    if (batch.counts(first + b)) {
                        scores.read(b, score);
                        score.largest(1, best);
                        decoder.read(best[0], atom);
                        double coefficient = atom.dot(rest[first + b]);
                        if (!(coefficient <= 0)) { // NaN must show
                            found.get(first + b).add(new Step(best[0], coefficient));
                            rest[first + b].add(-coefficient, atom);
                            rows.write(b, rest[first + b]);
                        }
                    }
                }
            });
        }
    }

    @Override
    PairList pairs() {
        return pairs;
    }

    private static PairList added(PairList steps) {
        PairList pairs = new PairList(steps.units());
        for (int b = 0; b < steps.examples(); b++) {
            int from = steps.start(b);
            int count = steps.start(b + 1) - from;
            Integer[] order = IntStream.range(from, from + count).boxed().toArray(Integer[]::new);
            Arrays.sort(order, (p, q) -> Integer.compare(steps.unit(p), steps.unit(q)));
            for (int i = 0; i < count; ) {
                int unit = steps.unit(order[i]);
                double value = 0;
                for (; i < count && steps.unit(order[i]) == unit; i++) {
                    value += steps.value(order[i]);
                }
                pairs.add(unit, value, value);
            }
            pairs.endExample();
        }
        return pairs;
    }

    private RowVector[] residuals(INDArray labels) {
        return Reconstruction.sums(steps, PairList::value, decoder, batch.targets(labels), -1, steps.units())[0];
    }

    private static double[] losses(RowVector[] residuals) {
        return Arrays.stream(residuals).mapToDouble(e -> e.dot(e)).toArray();
    }

    @Override
    Loss loss(INDArray labels) {
        double[] losses = losses(residuals(labels));
        return new Loss(Arrays.stream(losses).sum(), losses, new double[losses.length]);
    }

    @Override
    Loss backward(INDArray labels, DictionaryGradients gradients, double scale, @Nullable INDArray inputGradient) {
        RowVector[] residuals = residuals(labels);
        UnitOrder order = new UnitOrder(steps);
        int[] active = IntStream.range(0, steps.units())
                .filter(j -> order.count(j) > 0)
                .toArray();
        gradients.begin(new int[0]); // sums start at zero
        gradients.begin(active);
        RowVector[] inputGradients = new RowVector[residuals.length];
        int part = (int) Math.max(1, MOST / (Math.max(1, context.sparsity()) * decoder.columns()));
        for (int first = 0; first < residuals.length; first += part) {
            int end = Math.min(residuals.length, first + part);
            RowVector[] atomGradients = atomGradients(first, end, residuals, inputGradients);
            int firstPair = steps.start(first);
            gradients.addDecoder(active, (j, sum) -> {
                for (int i = 0; i < order.count(j); i++) {
                    int at = order.pair(j, i) - firstPair;
                    if (at >= 0 && at < atomGradients.length) {
                        sum.add(atomGradients[at]);
                    }
                }
            });
        }
        gradients.addDecoder(active, (j, sum) -> {
            RowVector atom = decoder.vector();
            decoder.read(j, atom);
            project(sum, atom);
            sum.scale(scale);
        });
        writeBias(residuals, inputGradients, gradients, scale);
        if (inputGradient != null) {
            RowMatrix.of(inputGradient).write(inputGradients);
        }
        double[] losses = losses(residuals);
        return new Loss(Arrays.stream(losses).sum(), losses, new double[0]);
    }

    /**
     * Computes the gradients of the atoms of all steps of some examples, by pair, and q_0, those of x − b_dec.
     *
     * <pre>
     * ∂c_t = ⟨g − q_t, d⟩        ∂d += ∂c_t r_{t−1} + c_t (g − q_t)        q_{t−1} = q_t + ∂c_t d        g = −2e
     * </pre>
     */
    private RowVector[] atomGradients(int first, int end, RowVector[] residuals, RowVector[] inputGradients) {
        RowVector[] gradients = new RowVector[steps.start(end) - steps.start(first)];
        RowBlocks.of(end - first, 8L * decoder.columns() * Math.max(1, gradients.length / (end - first)))
                .forEach((block, from, to) -> {
                    RowVector atom = decoder.vector();
                    RowVector difference = decoder.vector();
                    RowVector r = decoder.vector();
                    for (int b = first + from; b < first + to; b++) {
                        RowVector q = decoder.vector();
                        r.copy(rest[b]);
                        for (int p = steps.start(b + 1) - 1; p >= steps.start(b); p--) {
                            double c = steps.value(p);
                            decoder.read(steps.unit(p), atom);
                            r.add(c, atom); // r_{t−1}
                            difference.copy(q);
                            difference.scale(-1);
                            difference.add(-2, residuals[b]); // g − q_t
                            double dc = atom.dot(difference);
                            RowVector gradient = decoder.vector();
                            gradient.add(dc, r);
                            gradient.add(c, difference);
                            gradients[p - steps.start(first)] = gradient;
                            q.add(dc, atom);
                        }
                        inputGradients[b] = q;
                    }
                });
        return gradients;
    }

    private void writeBias(
            RowVector[] residuals, RowVector[] inputGradients, DictionaryGradients gradients, double scale) {
        RowVector sum = decoder.vector();
        for (int b = 0; b < residuals.length; b++) {
            sum.add(-2, residuals[b]);
            sum.add(-1, inputGradients[b]);
        }
        double[] bias = new double[sum.length()];
        Arrays.setAll(bias, sum::get);
        gradients.write(DictionaryParamInitializer.DECODER_BIAS, bias, scale);
    }
}
