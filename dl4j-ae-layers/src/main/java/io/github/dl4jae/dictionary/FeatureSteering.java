package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Sets a feature of a dictionary to a value and shows what the outputs of the network become.
 *
 * <pre>
 * x′ = x + (v − f_u(x)) d_u        v = 0 switches the feature off
 * </pre>
 *
 * <p>x are the activations of the layer, f_u(x) the activation of feature u, and d_u the row of the decoder. Everything
 * else about x stays, with the part that the dictionary does not reconstruct. All positions of an example are changed.
 *
 * <p>Activations are {@code [N, d]}, {@code [N, d, T]} of sequences, or {@code [N, d, H, W]} of images. Codes are those
 * of rows: of examples, of steps, or of pixels, in the order of {@link FeatureCollector#add(SparseCodes, int[], int)}.
 */
public final class FeatureSteering {

    private static final String SUBJECT = "FeatureSteering";

    /** Examples that the rest of the network computes at once. */
    private static final int AT_ONCE = 256;

    private final Function<INDArray, SparseCodes> encoder;
    private final INDArray decoder;
    private final UnaryOperator<INDArray> rest;

    private FeatureSteering(
            Function<INDArray, SparseCodes> encoder, INDArray decoder, UnaryOperator<INDArray> rest) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.rest = rest;
    }

    /**
     * Returns the steering of a network.
     *
     * @param encoder of rows of activations {@code [rows, d]}
     * @param decoder the decoder weights {@code [units, d]}
     * @param rest the network after the layer: computes its outputs, such as probabilities, from activations of the
     *     layer; it must treat examples independently and must not change its argument
     * @return the steering
     * @throws IllegalArgumentException if an argument is null or the decoder is not a matrix
     */
    public static FeatureSteering of(
            Function<INDArray, SparseCodes> encoder, INDArray decoder, UnaryOperator<INDArray> rest) {
        Require.given(SUBJECT, "encoder", encoder, "");
        Require.given(SUBJECT, "decoder", decoder, "");
        Require.given(SUBJECT, "rest", rest, "give the part of the network after the layer");
        Require.that(
                decoder.rank() == 2,
                SUBJECT,
                "the decoder must have shape [units, d]",
                Arrays.toString(decoder.shape()),
                "");
        return new FeatureSteering(encoder, decoder.dup('c'), rest);
    }

    /**
     * Sets a feature to a value in all examples.
     *
     * @param activations of the layer
     * @param unit the feature
     * @param value its activation
     * @return the outputs of the network
     * @throws IllegalArgumentException if there is no such feature, the value is not finite, or the activations have
     *     another width than the decoder
     */
    public INDArray set(INDArray activations, int unit, double value) {
        requireUnit(unit);
        Require.finite(SUBJECT, "value", value, "");
        INDArray rows = rows(activations);
        SparseCodes codes = encoder.apply(rows);
        double[] difference = new double[codes.examples()];
        for (int row = 0; row < difference.length; row++) {
            difference[row] = value - activation(codes, row, unit);
        }
        INDArray column = Nd4j.createFromArray(difference).castTo(rows.dataType()).reshape(-1, 1);
        INDArray direction = decoder.getRow(unit, true).castTo(rows.dataType());
        return rest.apply(shaped(rows.addi(column.mmul(direction)), activations)); // [rows,1]·[1,d]
    }

    /**
     * Sets a feature to several values in turn.
     *
     * @param activations of the layer
     * @param unit the feature
     * @param values its activations
     * @return the mean outputs for each value, over examples and, where outputs are sequences or images, positions
     * @throws IllegalArgumentException as {@link #set} does
     */
    public SteeringCurve curve(INDArray activations, int unit, double... values) {
        List<Double> given = new ArrayList<>();
        List<List<Double>> outputs = new ArrayList<>();
        for (double value : values) {
            given.add(value);
            outputs.add(Arrays.stream(examplesByOutput(set(activations, unit, value))
                            .mean(0)
                            .toDoubleVector())
                    .boxed()
                    .toList());
        }
        return new SteeringCurve(unit, given, outputs);
    }

    /**
     * Switches each feature off in turn, in the examples in which it fires. The work is one pass through the rest of the
     * network for each pair of an example and a feature that fires in it.
     *
     * @param activations of the layer
     * @return the effects of all features
     * @throws IllegalArgumentException if the activations have another width than the decoder
     */
    public FeatureEffects switchOff(INDArray activations) {
        int units = (int) decoder.size(0);
        int examples = (int) activations.size(0);
        double[][] sums = new double[units][];
        int[] firing = new int[units];
        int outputs = 0;
        for (int from = 0; from < examples; from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, examples);
            INDArray block = Batches.copy(activations, from, to, activations.dataType());
            double[][] unchanged = examplesByOutput(rest.apply(block.dup('c'))).toDoubleMatrix();
            outputs = unchanged[0].length;
            new Ablation(block, unchanged, sums, firing).run();
        }
        double[] share = new double[units];
        double[][] change = new double[units][outputs];
        for (int unit = 0; unit < units; unit++) {
            share[unit] = firing[unit] / (double) examples;
            for (int c = 0; c < outputs && firing[unit] > 0; c++) {
                change[unit][c] = sums[unit][c] / firing[unit];
            }
        }
        return FeatureEffects.of(Nd4j.createFromArray(change), share);
    }

    /** The pairs of examples and features of a block of examples. */
    private final class Ablation {
        private final INDArray block;
        private final double[][] unchanged;
        private final double[][] sums;
        private final int[] firing;
        private final INDArray rows;
        private final int positions;
        private final List<INDArray> waiting = new ArrayList<>();
        private final List<int[]> pairs = new ArrayList<>();

        Ablation(INDArray block, double[][] unchanged, double[][] sums, int[] firing) {
            this.block = block;
            this.unchanged = unchanged;
            this.sums = sums;
            this.firing = firing;
            this.rows = rows(block);
            this.positions = (int) (rows.size(0) / block.size(0));
        }

        void run() {
            SparseCodes codes = encoder.apply(rows);
            for (int example = 0; example < unchanged.length; example++) {
                int from = example * positions;
                int to = from + positions;
                NavigableSet<Integer> active = new TreeSet<>();
                for (int row = from; row < to; row++) {
                    for (int i = 0; i < codes.active(row); i++) {
                        if (codes.value(row, i) != 0) {
                            active.add(codes.unit(row, i));
                        }
                    }
                }
                for (int unit : active) {
                    waiting.add(without(codes, from, to, unit));
                    pairs.add(new int[] {example, unit});
                    if (pairs.size() == AT_ONCE) {
                        flush();
                    }
                }
            }
            flush();
        }

        private INDArray without(SparseCodes codes, int from, int to, int unit) {
            INDArray changed = rows.get(NDArrayIndex.interval(from, to), NDArrayIndex.all()).dup('c');
            INDArray direction = decoder.getRow(unit, true).castTo(rows.dataType());
            for (int row = from; row < to; row++) {
                double value = activation(codes, row, unit);
                if (value != 0) {
                    changed.getRow(row - from, true).subi(direction.mul(value));
                }
            }
            return changed;
        }

        private void flush() {
            if (pairs.isEmpty()) {
                return;
            }
            INDArray like = block.get(NDArrayIndex.interval(0, 1));
            long[] shape = like.shape().clone();
            shape[0] = pairs.size();
            INDArray changed = shaped(Nd4j.concat(0, waiting.toArray(INDArray[]::new)), shape);
            double[][] outputs = examplesByOutput(rest.apply(changed)).toDoubleMatrix();
            for (int i = 0; i < outputs.length; i++) {
                int example = pairs.get(i)[0];
                int unit = pairs.get(i)[1];
                firing[unit]++;
                sums[unit] = sums[unit] == null ? new double[outputs[i].length] : sums[unit];
                for (int c = 0; c < outputs[i].length; c++) {
                    sums[unit][c] += outputs[i][c] - unchanged[example][c];
                }
            }
            waiting.clear();
            pairs.clear();
        }
    }

    private void requireUnit(int unit) {
        Require.that(
                unit >= 0 && unit < decoder.size(0),
                SUBJECT,
                "the unit must be in [0, " + decoder.size(0) + ")",
                unit,
                "");
    }

    private static double activation(SparseCodes codes, int row, int unit) {
        for (int i = 0; i < codes.active(row); i++) {
            if (codes.unit(row, i) == unit) {
                return codes.value(row, i);
            }
        }
        return 0;
    }

    /** Returns a copy of activations as rows {@code [rows, d]}. */
    private INDArray rows(INDArray activations) {
        Require.given(SUBJECT, "activations", activations, "");
        int rank = activations.rank();
        Require.that(
                rank >= 2 && rank <= 4 && activations.size(1) == decoder.size(1),
                SUBJECT,
                "activations must have shape [N, " + decoder.size(1) + "], with [T] or [H, W] after it",
                Arrays.toString(activations.shape()),
                "take them from the layer that the dictionary was trained on");
        INDArray last = rank == 2
                ? activations
                : rank == 3 ? activations.permute(0, 2, 1) : activations.permute(0, 2, 3, 1);
        return last.dup('c').reshape('c', activations.length() / decoder.size(1), decoder.size(1));
    }

    private static INDArray shaped(INDArray rows, INDArray like) {
        return shaped(rows, like.shape());
    }

    /** Returns rows in the shape of activations. */
    private static INDArray shaped(INDArray rows, long[] shape) {
        return switch (shape.length) {
            case 2 -> rows;
            case 3 -> rows.reshape('c', shape[0], shape[2], shape[1]).permute(0, 2, 1).dup('c');
            default -> rows.reshape('c', shape[0], shape[2], shape[3], shape[1])
                    .permute(0, 3, 1, 2)
                    .dup('c');
        };
    }

    /** Returns outputs as {@code [N, outputs]}, the mean over positions if there are several. */
    private static INDArray examplesByOutput(INDArray outputs) {
        INDArray all = outputs.castTo(DataType.DOUBLE);
        return switch (outputs.rank()) {
            case 2 -> all;
            case 3 -> all.mean(2);
            default -> all.mean(2, 3);
        };
    }
}
