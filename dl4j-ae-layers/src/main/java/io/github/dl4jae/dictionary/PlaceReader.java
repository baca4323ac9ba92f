package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a network at inference up to some of its places. */
final class PlaceReader {

    private static final String SUBJECT = "LayerActivations";
    static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ForwardPass pass;
    private final List<NetworkPlace> places;

    PlaceReader(List<NetworkPlace> places) {
        this.pass = places.get(0).pass();
        this.places = places;
    }

    /** The inputs of a mini-batch in the network's type, and its masks. */
    static final class Inputs {

        private final Map<Integer, INDArray> known;
        private final INDArray[] features;
        private final @Nullable INDArray @Nullable [] masks;
        private final int examples;

        private Inputs(
                Map<Integer, INDArray> known,
                INDArray[] features,
                @Nullable INDArray @Nullable [] masks,
                int examples) {
            this.known = known;
            this.features = features;
            this.masks = masks;
            this.examples = examples;
        }

        Map<Integer, INDArray> known() {
            return known;
        }

        INDArray[] features() {
            return features;
        }

        @Nullable
        INDArray @Nullable [] masks() {
            return masks;
        }

        int examples() {
            return examples;
        }
    }

    static Inputs inputs(ForwardPass pass, ExampleBatch batch) {
        List<Integer> inputs = pass.inputs();
        if (batch.features().length != inputs.size()) {
            throw new IllegalArgumentException(SUBJECT + ": examples must have an array for each input of the network,"
                    + " got " + batch.features().length + " for "
                    + inputs.stream().map(pass::name).toList() + "; pass a MultiDataSetIterator with all inputs");
        }
        Map<Integer, INDArray> known = new HashMap<>();
        INDArray[] features = new INDArray[inputs.size()];
        for (int i = 0; i < features.length; i++) {
            INDArray x = batch.features()[i];
            Batches.requireRows(SUBJECT, "examples", x);
            features[i] = Batches.copy(x, 0, x.size(0), pass.type());
            known.put(inputs.get(i), features[i]);
        }
        return new Inputs(known, features, batch.masks(), batch.examples());
    }

    /**
     * The values of a mini-batch.
     *
     * @param inputs of the network
     * @param known values of the places, before preprocessors, and of the inputs
     * @param layouts of the values at each place
     */
    record Reading(Inputs inputs, Map<Integer, INDArray> known, List<RowLayout> layouts) {}

    /** Computes the values at each place. The caller holds the lock of the network. */
    Reading read(ExampleBatch batch) {
        Inputs inputs = inputs(pass, batch);
        Map<Integer, INDArray> known = new HashMap<>(inputs.known());
        for (NetworkPlace each : places) {
            compute(each.source(), inputs, known);
        }
        List<RowLayout> layouts =
                places.stream().map(each -> layout(each, inputs, known)).toList();
        return new Reading(inputs, known, layouts);
    }

    private void compute(int place, Inputs inputs, Map<Integer, INDArray> known) {
        if (!known.containsKey(place)) {
            known.put(place, outputs(pass, List.of(place), inputs, known).get(0).dup('c'));
        }
    }

    /** Runs the network. Layers of a stack can work in place, so they get copies. */
    static List<INDArray> outputs(ForwardPass pass, List<Integer> places, Inputs inputs, Map<Integer, INDArray> known) {
        return pass.outputs(places, copies(known), inputs.masks(), inputs.examples(), NO_WORKSPACES);
    }

    static Map<Integer, INDArray> copies(Map<Integer, INDArray> known) {
        Map<Integer, INDArray> copies = new HashMap<>();
        known.forEach((each, value) -> copies.put(each, value.dup('c')));
        return copies;
    }

    private RowLayout layout(NetworkPlace place, Inputs inputs, Map<Integer, INDArray> known) {
        INDArray value = Objects.requireNonNull(known.get(place.source()));
        INDArray mask = mask(pass, place.source(), inputs);
        UnitAxis axis = PlaceAxis.of(pass, place.source(), inputs.features(), value);
        InputPreProcessor preProcessor = place.entering() ? pass.preProcessor(place.place()) : null;
        if (preProcessor != null) {
            long[] before = value.shape();
            value = pass.input(place.place(), Map.of(place.source(), value.dup('c')), inputs.examples(), NO_WORKSPACES);
            if (!Arrays.equals(before, value.shape())) {
                axis = UnitAxis.FIRST;
                mask = mask == null || preProcessor instanceof CnnToFeedForwardPreProcessor
                        ? null
                        : preprocessed(preProcessor, mask, inputs.examples());
            }
        }
        return new RowLayout(value, axis, mask, inputs.examples());
    }

    static @Nullable INDArray mask(ForwardPass pass, int place, Inputs inputs) {
        return inputs.masks() == null ? null : pass.mask(place, inputs.known(), inputs.masks(), inputs.examples());
    }

    private static @Nullable INDArray preprocessed(InputPreProcessor preProcessor, INDArray mask, int examples) {
        var after = preProcessor.feedForwardMaskArray(mask, MaskState.Active, examples);
        return after == null ? null : after.getFirst();
    }

    /** Refuses values that are not finite. */
    static void requireFinite(INDArray values, NetworkPlace place, long batch) {
        if (!values.isEmpty() && !FiniteArrays.isFinite(values)) {
            long bad = FiniteArrays.firstBad(values);
            throw new IllegalStateException(SUBJECT + ": activations must be finite, got "
                    + values.getDouble(bad / values.size(1), bad % values.size(1)) + " in the " + place
                    + " for mini-batch " + batch
                    + " (from 0); check the examples for NaN, and the network with its own output");
        }
    }
}
