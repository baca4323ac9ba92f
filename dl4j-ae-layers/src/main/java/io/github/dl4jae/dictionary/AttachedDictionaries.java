package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.TrainingResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Dictionaries of a layer of a trained network, in the units of the network: the result of {@link
 * DictionaryAttachment#fit(INDArray)}.
 *
 * <pre>{@code
 * SparseDictionary dictionary = trained.dictionary("topk");
 * SparseCodes codes = dictionary.encode(trained.activations().rows(images).values());
 * INDArray outputs = trained.splice().outputs(images, trained.reconstruction("topk"));
 * System.out.println(trained.report(test));
 * }</pre>
 */
public final class AttachedDictionaries {

    private static final String SUBJECT = "AttachedDictionaries";
    private static final int ROWS = 4096;

    private final NetworkPlace place;
    private final NetworkPlace read;
    private final Map<String, SparseDictionary> dictionaries;
    private final TrainingResult training;
    private final long rows;

    AttachedDictionaries(
            NetworkPlace place,
            NetworkPlace read,
            Map<String, SparseDictionary> dictionaries,
            TrainingResult training,
            long rows) {
        this.place = place;
        this.read = read;
        this.dictionaries = Collections.unmodifiableMap(new LinkedHashMap<>(dictionaries));
        this.training = training;
        this.rows = rows;
    }

    /**
     * Returns a dictionary.
     *
     * @param name under which it was added
     * @return the dictionary
     * @throws IllegalArgumentException if there is none of this name
     */
    public SparseDictionary dictionary(String name) {
        SparseDictionary dictionary = dictionaries.get(name);
        if (dictionary == null) {
            throw new IllegalArgumentException(SUBJECT + ": name must be that of a dictionary, got '" + name
                    + "'; its names are " + dictionaries.keySet());
        }
        return dictionary;
    }

    /**
     * Returns all dictionaries by name.
     *
     * @return unmodifiable, in the order in which they were added
     */
    public Map<String, SparseDictionary> dictionaries() {
        return dictionaries;
    }

    /**
     * Returns the course of the training.
     *
     * @return its curve; the score is the sum over all dictionaries, in scaled units
     */
    public TrainingResult training() {
        return training;
    }

    /**
     * Returns the number of rows that the dictionaries were trained on.
     *
     * @return counted once per epoch
     */
    public long rows() {
        return rows;
    }

    /**
     * Returns the activations that the dictionaries read.
     *
     * @return those of the layer, or for transcoders what they read
     */
    public LayerActivations activations() {
        return new LayerActivations(read);
    }

    /**
     * Returns the splice at the layer.
     *
     * @return for functions of what the dictionaries read
     */
    public NetworkSplice splice() {
        return NetworkSplice.of(place).reading(read);
    }

    /**
     * Returns the reconstruction of a dictionary, for {@link NetworkSplice}. It works on a few thousand rows at a time,
     * to bound the memory.
     *
     * @param name of a dictionary
     * @return a function of rows
     * @throws IllegalArgumentException if there is none of this name
     */
    public UnaryOperator<INDArray> reconstruction(String name) {
        SparseDictionary dictionary = dictionary(name);
        return rows -> new Batches(rows.size(0), ROWS)
                .join((from, to) -> dictionary.reconstruct(Batches.copy(rows, from, to, DataType.FLOAT)));
    }

    /**
     * Measures all dictionaries on held-out examples with labels.
     *
     * @param test is read several times
     * @return reconstruction and sparsity, and the effect on the outputs and the loss of the network
     * @throws IllegalArgumentException if there are no examples or no labels, or the network has no loss
     */
    public AttachedReport report(DataSetIterator test) {
        return report(ExampleSource.of(SUBJECT, test), Ablation.ZERO);
    }

    /**
     * Measures all dictionaries on held-out examples with labels, for graphs with several inputs or outputs.
     *
     * @param test is read several times
     * @return reconstruction and sparsity, and the effect on the outputs and the loss of the network
     * @throws IllegalArgumentException if there are no examples or no labels, or the network has no loss
     */
    public AttachedReport report(MultiDataSetIterator test) {
        return report(ExampleSource.of(SUBJECT, test), Ablation.ZERO);
    }

    /**
     * Measures all dictionaries on held-out examples with labels, against an ablation.
     *
     * @param test is read several times
     * @param ablation what the activations are replaced by, for the loss recovered
     * @return reconstruction and sparsity, and the effect on the outputs and the loss of the network
     * @throws IllegalArgumentException if there are no examples or no labels, or the network has no loss
     */
    public AttachedReport report(DataSetIterator test, Ablation ablation) {
        return report(ExampleSource.of(SUBJECT, test), ablation);
    }

    private AttachedReport report(ExampleSource test, Ablation ablation) {
        Require.given(SUBJECT, "ablation", ablation, "pass ZERO or MEAN");
        Map<String, DictionaryReport.Accumulator> accumulators = new LinkedHashMap<>();
        dictionaries.keySet().forEach(name -> accumulators.put(name, DictionaryReport.accumulator()));
        List<NetworkPlace> places = List.of(read, place);
        for (ActivationStream stream = new ActivationStream(places, test); stream.hasNext(); ) {
            List<INDArray> values = stream.next().values();
            accumulators.forEach((name, accumulator) -> add(values, dictionary(name), accumulator));
        }
        List<String> names = List.copyOf(accumulators.keySet());
        List<SpliceReport> effects = splice().against(ablation)
                .reports(test, names.stream().map(this::reconstruction).toList());
        Map<String, AttachedReport.Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            DictionaryReport activations =
                    Objects.requireNonNull(accumulators.get(names.get(i))).report();
            entries.put(names.get(i), new AttachedReport.Entry(activations, effects.get(i)));
        }
        return new AttachedReport(entries);
    }

    private static void add(
            List<INDArray> values, SparseDictionary dictionary, DictionaryReport.Accumulator accumulator) {
        INDArray x = values.get(0);
        INDArray y = values.get(1);
        new Batches(x.size(0), ROWS).forEach((from, to) -> {
            INDArray some = Batches.copy(x, from, to, DataType.FLOAT);
            INDArray targets = Batches.copy(y, from, to, DataType.FLOAT);
            DictionaryPass pass = dictionary.pass(some);
            accumulator.add(targets, pass.reconstruction(), pass.pairs().codes());
        });
    }

    /** Returns the layer and the names, as in {@code AttachedDictionaries(layer 'conv2': [topk, l1])}. */
    @Override
    public String toString() {
        return SUBJECT + "(" + place + ": " + dictionaries.keySet() + ")";
    }
}
