package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sets a feature of a dictionary to a value and computes what the outputs of the network become.
 *
 * <pre>
 * x′ = x + (v − f_u(x)) d_u        v = 0 switches the feature off
 * </pre>
 *
 * <p>x are the activations of the layer, f_u(x) the activation of feature u, and d_u its row of the decoder. The rest
 * of x stays, with the part that the dictionary does not reconstruct. All positions of an example are changed.
 *
 * <pre>{@code
 * FeatureSteering steering = FeatureSteering.of(dictionary, network);
 * INDArray outputs = steering.set(images, 7, 12.0);
 * FeatureEffects effects = steering.switchOff(images);
 * }</pre>
 */
public final class FeatureSteering {

    private static final String SUBJECT = "FeatureSteering";

    /** Examples that the network computes at once. */
    private static final int AT_ONCE = 256;

    private final Function<INDArray, SparseCodes> encoder;
    private final INDArray decoder;
    private final SplicedNetwork network;

    private FeatureSteering(Function<INDArray, SparseCodes> encoder, INDArray decoder, SplicedNetwork network) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.network = network;
    }

    /**
     * Returns the steering of a network.
     *
     * @param encoder of rows of activations {@code [rows, d]}
     * @param decoder the decoder weights {@code [units, d]}
     * @param network that the dictionary belongs to; its outputs are best probabilities
     * @return the steering
     * @throws IllegalArgumentException if an argument is null, or the decoder is not a matrix
     */
    public static FeatureSteering of(
            Function<INDArray, SparseCodes> encoder, INDArray decoder, SplicedNetwork network) {
        Require.given(SUBJECT, "encoder", encoder, "");
        Require.given(SUBJECT, "decoder", decoder, "");
        Require.given(SUBJECT, "network", network, "");
        Require.that(
                decoder.rank() == 2,
                SUBJECT,
                "the decoder must have shape [units, d]",
                Arrays.toString(decoder.shape()),
                "");
        return new FeatureSteering(encoder, decoder.dup('c'), network);
    }

    /**
     * Returns the steering of a network by a dictionary.
     *
     * @param dictionary of activations of one layer, no transcoder
     * @param network that the dictionary belongs to; its outputs are best probabilities
     * @return the steering
     * @throws IllegalArgumentException if an argument is null, or inputs and outputs of the dictionary differ in width
     */
    public static FeatureSteering of(SparseDictionary dictionary, SplicedNetwork network) {
        Require.given(SUBJECT, "dictionary", dictionary, "");
        Require.that(
                dictionary.inputs() == dictionary.outputs(),
                SUBJECT,
                "the dictionary must have as many outputs as inputs",
                dictionary.inputs() + " inputs and " + dictionary.outputs() + " outputs",
                "a transcoder changes another layer than it reads");
        return of(dictionary::encode, dictionary.decoderWeights(), network);
    }

    /**
     * Sets a feature to a value in all examples.
     *
     * @param examples of the network
     * @param unit the feature
     * @param value its activation
     * @return the outputs of the network
     * @throws IllegalArgumentException if there is no such feature, the value is not finite, or the activations have
     *     another width than the decoder
     */
    public INDArray set(INDArray examples, int unit, double value) {
        Batches.requireRows(SUBJECT, "examples", examples);
        Require.that(
                unit >= 0 && unit < decoder.size(0),
                SUBJECT,
                "the unit must be in [0, " + decoder.size(0) + ")",
                unit,
                "");
        Require.finite(SUBJECT, "value", value, "");
        return network.outputs(examples, rows -> {
            SparseCodes codes = encode(rows);
            double[] difference = new double[codes.examples()];
            Arrays.setAll(difference, row -> value - activation(codes, row, unit));
            INDArray column = Nd4j.createFromArray(difference).reshape(-1, 1).castTo(rows.dataType());
            INDArray direction = decoder.getRow(unit, true).castTo(rows.dataType());
            return rows.add(column.mmul(direction)); // [rows,1]·[1,d]
        });
    }

    /**
     * Sets a feature to several values in turn.
     *
     * @param examples of the network
     * @param unit the feature
     * @param values its activations
     * @return the mean outputs for each value, over examples and, where outputs are sequences or images, positions
     * @throws IllegalArgumentException as {@link #set} does
     */
    public SteeringCurve curve(INDArray examples, int unit, double... values) {
        List<Double> given = new ArrayList<>();
        List<List<Double>> outputs = new ArrayList<>();
        for (double value : values) {
            INDArray means = byExample(set(examples, unit, value)).mean(0);
            given.add(value);
            outputs.add(Arrays.stream(means.toDoubleVector()).boxed().toList());
        }
        return new SteeringCurve(unit, given, outputs);
    }

    /**
     * Switches each feature off in turn, in the examples in which it fires. The work is a pass through the network for
     * each pair of an example and a feature that fires in it, so that a few thousand examples are enough for a dense
     * layer, and a few hundred for a convolutional one.
     *
     * @param examples of the network
     * @return the effects of all features; the mean outputs are over positions too where outputs are sequences or
     *     images
     * @throws IllegalArgumentException if the activations have another width than the decoder, or examples differ in
     *     the number of rows
     */
    public FeatureEffects switchOff(INDArray examples) {
        Batches.requireRows(SUBJECT, "examples", examples);
        EffectTotals totals = new EffectTotals((int) decoder.size(0));
        int count = (int) examples.size(0);
        for (int from = 0; from < count; from += AT_ONCE) {
            int to = Math.min(from + AT_ONCE, count);
            switchOff(Batches.copy(examples, from, to, examples.dataType()), totals);
        }
        return totals.effects(count);
    }

    private void switchOff(INDArray block, EffectTotals totals) {
        List<SparseCodes> parts = new ArrayList<>();
        double[][] unchanged = byExample(network.outputs(block, rows -> {
                    parts.add(encode(rows));
                    return rows;
                }))
                .toDoubleMatrix();
        List<SwitchedFeature> switched = SwitchedFeature.of(parts, unchanged.length);
        for (int from = 0; from < switched.size(); from += AT_ONCE) {
            List<SwitchedFeature> some = switched.subList(from, Math.min(from + AT_ONCE, switched.size()));
            int[] examples = some.stream().mapToInt(SwitchedFeature::example).toArray();
            int[] next = {0};
            INDArray outputs = network.outputs(repeated(block, examples), rows -> {
                INDArray changed = rows.sub(removed(some, next[0], rows));
                next[0] += (int) rows.size(0);
                return changed;
            });
            double[][] changed = byExample(outputs).toDoubleMatrix();
            for (int i = 0; i < changed.length; i++) {
                totals.add(some.get(i).unit(), unchanged[examples[i]], changed[i]);
            }
        }
    }

    private static INDArray repeated(INDArray block, int[] examples) {
        INDArray[] rows = new INDArray[examples.length];
        Arrays.setAll(rows, i -> Batches.copy(block, examples[i], examples[i] + 1, block.dataType()));
        return Nd4j.concat(0, rows);
    }

    /** Returns what the features contribute to rows, the first of which has the given number. */
    private INDArray removed(List<SwitchedFeature> switched, int first, INDArray rows) {
        int count = (int) rows.size(0);
        double[][] removed = new double[count][(int) rows.size(1)];
        double[] direction = new double[0];
        int directionOf = -1;
        for (int row = 0; row < count; row++) {
            SwitchedFeature feature =
                    switched.get((first + row) / switched.get(0).activations().length);
            double activation = feature.activations()[(first + row) % feature.activations().length];
            if (activation != 0 && directionOf != feature.unit()) {
                directionOf = feature.unit();
                direction = decoder.getRow(directionOf).toDoubleVector();
            }
            for (int j = 0; activation != 0 && j < direction.length; j++) {
                removed[row][j] = activation * direction[j];
            }
        }
        return Nd4j.createFromArray(removed).castTo(rows.dataType());
    }

    private SparseCodes encode(INDArray rows) {
        Require.that(
                rows.rank() == 2 && rows.size(1) == decoder.size(1),
                SUBJECT,
                "activations must have shape [rows, " + decoder.size(1) + "]",
                Arrays.toString(rows.shape()),
                "replace those of the layer that the dictionary was trained on");
        return encoder.apply(rows);
    }

    static double activation(SparseCodes codes, int row, int unit) {
        for (int i = 0; i < codes.active(row); i++) {
            if (codes.unit(row, i) == unit) {
                return codes.value(row, i);
            }
        }
        return 0;
    }

    /** Returns outputs as {@code [N, outputs]}, the mean over positions if there are several. */
    private static INDArray byExample(INDArray outputs) {
        INDArray all = outputs.castTo(DataType.DOUBLE);
        return switch (outputs.rank()) {
            case 2 -> all;
            case 3 -> all.mean(2);
            default -> all.mean(2, 3);
        };
    }
}
