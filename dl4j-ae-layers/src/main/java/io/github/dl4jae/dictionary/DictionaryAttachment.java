package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * The training of dictionaries of a layer of a trained network, which stays as it is.
 *
 * <pre>{@code
 * AttachedDictionaries trained = SparseDictionary.attach(network, "conv2")
 *         .dictionary("topk", new TopKEncoder(32), 2048)
 *         .dictionary("l1", new L1Encoder(0.1), 2048)
 *         .fit(images);
 * System.out.println(trained.report(test));
 * }</pre>
 *
 * <p>The network runs at inference, and its activations become rows: one per example, time step or pixel (see {@link
 * ActivationRows}). A buffer mixes the rows of many mini-batches. All dictionaries train on the same mini-batches of
 * rows, in one pass.
 *
 * <ul>
 *   <li>Rows are scaled to E‖x‖² = width in training. The scale is folded into the weights of the trained dictionaries,
 *       which are in the units of the network. Penalties, such as the λ of {@link L1Encoder}, act on scaled rows.
 *   <li>b_dec starts at the geometric median of a sample.
 *   <li>Adam has the learning rate 3e-4, which falls to 0 over the last fifth of the steps. Gradients are clipped at
 *       norm 1 per dictionary.
 *   <li>Encoders that count units get an {@link AuxiliaryLoss} against dead units, unless the layer is given whole.
 * </ul>
 *
 * <p>A transcoder reads one place and reconstructs another: {@link #fromItsInput} or {@link #from(String)}.
 *
 * <p>Memory: all rows are kept, and the network runs once, if they fit into {@link #bufferMemory}. Otherwise the
 * network runs in each epoch, and the buffer holds {@link #bufferRows} rows. What exceeds the memory is in a temporary
 * file, which is removed in the end and on failure.
 *
 * <p>Errors: {@code IllegalArgumentException} for unknown layers, no dictionary, empty data, and a transcoder between
 * layers with other positions; {@code IllegalStateException} for activations that are not finite.
 */
public final class DictionaryAttachment {

    static final String SUBJECT = "SparseDictionary.attach";

    private static final int SAMPLE = 4096;
    private static final int LARGEST_BATCH = 4096;
    private static final int SMALLEST_BATCH = 32;
    private static final int STEPS_PER_EPOCH = 100;
    private static final int LARGEST_BUFFER = 1 << 20;
    private static final long MEBIBYTE = 1 << 20;
    /** The largest count of examples that a float32 counter can reach. */
    private static final long LARGEST_COUNT = 1 << 24;

    private final NetworkPlace place;
    private NetworkPlace read;
    private final Map<String, Planned> planned = new LinkedHashMap<>();
    private int epochs = 10;
    private long steps;
    private long rows;
    private int batch;
    private double learningRate = 3e-4;
    private boolean scaled = true;
    private BiasStart biasStart = BiasStart.GEOMETRIC_MEDIAN;
    private int bufferRows;
    private long bufferMemory = 512 * MEBIBYTE;
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    private ActivationBuffer.Keep keep = ActivationBuffer.Keep.IF_IN_MEMORY;
    private long seed = 42;
    private final List<ProgressListener> listeners = new ArrayList<>();

    /** A layer as given, or the parts of one. */
    private record Planned(
            @Nullable DictionaryLayer layer, @Nullable DictionaryEncoder encoder, int units) {}

    DictionaryAttachment(NetworkPlace place) {
        this.place = place;
        this.read = place;
    }

    /**
     * Adds a dictionary.
     *
     * @param name under which to find it
     * @param encoder such as {@code new TopKEncoder(32)}
     * @param units the number of directions; 8 to 32 times the width of the layer is usual
     * @return this
     * @throws IllegalArgumentException if the name is taken, an argument is null, or units is below 1
     */
    public DictionaryAttachment dictionary(String name, DictionaryEncoder encoder, int units) {
        Require.given(SUBJECT, "encoder", encoder, "new TopKEncoder(32) is a good start");
        Require.atLeast(1, SUBJECT, "units", units, "8 to 32 times the width of the layer is usual");
        return add(name, new Planned(null, encoder, units));
    }

    /**
     * Adds a dictionary with all options of its layer.
     *
     * @param name under which to find it
     * @param layer widths of input and output are set to those of the network's layers
     * @return this
     * @throws IllegalArgumentException if the name is taken, or an argument is null
     */
    public DictionaryAttachment dictionary(String name, DictionaryLayer layer) {
        Require.given(SUBJECT, "layer", layer, "build a DictionaryLayer");
        return add(name, new Planned((DictionaryLayer) layer.clone(), null, 0));
    }

    private DictionaryAttachment add(String name, Planned dictionary) {
        Require.given(SUBJECT, "name", name, "any name will do");
        Require.that(
                planned.putIfAbsent(name, dictionary) == null,
                SUBJECT,
                "names of dictionaries must differ",
                "'" + name + "' twice",
                "choose another name");
        return this;
    }

    /**
     * Trains transcoders: dictionaries that read what enters the layer, and reconstruct its output.
     *
     * @return this
     * @throws IllegalArgumentException if the vertex has several inputs
     */
    public DictionaryAttachment fromItsInput() {
        this.read = place.entering(SUBJECT);
        return this;
    }

    /**
     * Trains transcoders that read the output of another layer, which must have the same positions.
     *
     * @param layer the name of a layer or vertex of the same network
     * @return this
     * @throws IllegalArgumentException if there is no such layer
     */
    public DictionaryAttachment from(String layer) {
        this.read = place.other(SUBJECT, layer);
        return this;
    }

    /**
     * Sets the number of epochs over the examples. Default: 10. The last call of epochs, steps and rows counts.
     *
     * @param epochs at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public DictionaryAttachment epochs(int epochs) {
        this.epochs = Require.atLeast(1, SUBJECT, "epochs", epochs, "");
        this.steps = 0;
        this.rows = 0;
        return this;
    }

    /**
     * Sets the number of steps, over as many epochs as they take.
     *
     * @param steps at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public DictionaryAttachment steps(long steps) {
        Require.that(steps >= 1, SUBJECT, "steps must be at least 1", steps, "");
        this.steps = steps;
        this.rows = 0;
        return this;
    }

    /**
     * Sets the number of rows to train on, over as many epochs as they take.
     *
     * @param rows at least 1; rounded up to whole mini-batches
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public DictionaryAttachment rows(long rows) {
        Require.that(rows >= 1, SUBJECT, "rows must be at least 1", rows, "");
        this.rows = rows;
        this.steps = 0;
        return this;
    }

    /**
     * Sets the number of rows of a mini-batch. Default: 4096, or a smaller power of two that leaves 100 steps per
     * epoch, but not below 32.
     *
     * @param batch at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public DictionaryAttachment batch(int batch) {
        this.batch = Require.atLeast(1, SUBJECT, "batch", batch, "4096 is usual");
        return this;
    }

    /**
     * Sets the learning rate of Adam. Default: 3e-4.
     *
     * @param rate above 0
     * @return this
     * @throws IllegalArgumentException if it is not above 0
     */
    public DictionaryAttachment learningRate(double rate) {
        this.learningRate = Require.positive(SUBJECT, "learningRate", rate, "3e-4 is usual");
        return this;
    }

    /**
     * Sets whether rows are scaled to E‖x‖² = width in training. Default: true.
     *
     * @param scaled whether they are
     * @return this
     */
    public DictionaryAttachment scaled(boolean scaled) {
        this.scaled = scaled;
        return this;
    }

    /**
     * Sets the first value of b_dec. Default: {@link BiasStart#GEOMETRIC_MEDIAN}.
     *
     * @param start of the first 4096 rows
     * @return this
     * @throws IllegalArgumentException if it is null
     */
    public DictionaryAttachment biasStart(BiasStart start) {
        this.biasStart = Require.given(SUBJECT, "biasStart", start, "");
        return this;
    }

    /**
     * Sets the number of rows that are mixed at a time, where not all are kept. Default: what fits into {@link
     * #bufferMemory}, at most a million.
     *
     * @param rows at least 1; two mini-batches if it is less
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public DictionaryAttachment bufferRows(int rows) {
        this.bufferRows = Require.atLeast(1, SUBJECT, "bufferRows", rows, "64 mini-batches are usual");
        return this;
    }

    /**
     * Sets the memory of the buffer. Rows that exceed it are in a temporary file. Default: 512 MiB.
     *
     * @param mebibytes at least 0
     * @return this
     * @throws IllegalArgumentException if it is below 0
     */
    public DictionaryAttachment bufferMemory(int mebibytes) {
        this.bufferMemory = MEBIBYTE * Require.atLeast(0, SUBJECT, "bufferMemory", mebibytes, "");
        return this;
    }

    /**
     * Sets the directory of temporary files. Default: that of the system.
     *
     * @param directory an existing directory
     * @return this
     * @throws IllegalArgumentException if it is null
     */
    public DictionaryAttachment directory(Path directory) {
        this.directory = Require.given(SUBJECT, "directory", directory, "");
        return this;
    }

    /**
     * Keeps all activations, on disk where they exceed the memory, so that the network runs once. Worth it where it
     * takes longer than reading them. Default: only if they fit into memory.
     *
     * @return this
     */
    public DictionaryAttachment keepActivations() {
        this.keep = ActivationBuffer.Keep.ALWAYS;
        return this;
    }

    /**
     * Sets the seed of first weights and of the order of rows. Default: 42.
     *
     * @param seed any number
     * @return this
     */
    public DictionaryAttachment seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Adds listeners, which receive the progress.
     *
     * @param added are called on the thread of {@code fit}
     * @return this
     * @throws IllegalArgumentException if one is null
     */
    public DictionaryAttachment listener(ProgressListener... added) {
        for (ProgressListener each : added) {
            listeners.add(Require.given(SUBJECT, "listener", each, ""));
        }
        return this;
    }

    /**
     * Trains the dictionaries on the activations of examples.
     *
     * @param examples {@code [N, …]}
     * @return the trained dictionaries
     * @throws IllegalArgumentException if there are no examples, or no dictionary was added
     */
    public AttachedDictionaries fit(INDArray examples) {
        return fit(ExampleSource.of(SUBJECT, examples));
    }

    /**
     * Trains the dictionaries on the activations of the examples of an iterator.
     *
     * @param examples is read several times; labels are ignored
     * @return the trained dictionaries
     * @throws IllegalArgumentException if there are no examples, or no dictionary was added
     */
    public AttachedDictionaries fit(DataSetIterator examples) {
        return fit(ExampleSource.of(SUBJECT, examples));
    }

    /**
     * Trains the dictionaries on the activations of the examples of an iterator, for graphs with several inputs.
     *
     * @param examples is read several times; labels are ignored
     * @return the trained dictionaries
     * @throws IllegalArgumentException if there are no examples, or no dictionary was added
     */
    public AttachedDictionaries fit(MultiDataSetIterator examples) {
        return fit(ExampleSource.of(SUBJECT, examples));
    }

    private AttachedDictionaries fit(ExampleSource examples) {
        Require.that(!planned.isEmpty(), SUBJECT, "there must be a dictionary", "none", "call dictionary(…)");
        List<NetworkPlace> places = read.equals(place) ? List.of(place) : List.of(read, place);
        List<Integer> widths = RowSources.widths(places, examples);
        int inputs = widths.get(0);
        int outputs = widths.size() == 1 ? 0 : widths.get(1);
        int width = inputs + outputs;
        try (ActivationBuffer buffer =
                new ActivationBuffer(RowSources.of(places, examples), width, options(width), seed)) {
            ActivationSummary ofInputs = new ActivationSummary(0, inputs, width, SAMPLE);
            ActivationSummary ofTargets =
                    outputs == 0 ? ofInputs : new ActivationSummary(inputs, outputs, width, SAMPLE);
            boolean counting = steps == 0 && rows == 0;
            long available = buffer.survey(counting ? Long.MAX_VALUE : SAMPLE, part -> {
                ofInputs.accept(part);
                if (outputs > 0) {
                    ofTargets.accept(part);
                }
            });
            return train(buffer, ofInputs, ofTargets, inputs, outputs, available);
        }
    }

    private ActivationBuffer.Options options(int width) {
        long fitting = bufferMemory / ((long) Float.BYTES * width);
        int capacity = bufferRows > 0 ? bufferRows : (int) Math.min(LARGEST_BUFFER, fitting);
        int least = 2 * (batch > 0 ? batch : LARGEST_BATCH);
        return new ActivationBuffer.Options(Math.max(capacity, least), bufferMemory, directory, keep);
    }

    private AttachedDictionaries train(
            ActivationBuffer buffer,
            ActivationSummary ofInputs,
            ActivationSummary ofTargets,
            int inputs,
            int outputs,
            long available) {
        int minibatch = batch > 0 ? batch : batchFor(available);
        long total = steps(available, minibatch);
        ComputationGraphConfiguration.GraphBuilder vertices = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(new FastAdam(new FinalDecay(learningRate, total, Math.max(1, total / 5))))
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(1)
                .graphBuilder()
                .addInputs("activations");
        Map<String, DictionaryLayer> layers = new LinkedHashMap<>();
        long deadAfter = Math.min(LARGEST_COUNT, available > 0 ? 2 * available : 10_000_000);
        planned.forEach((name, each) -> layers.put(name, layer(each, inputs, outputs, deadAfter)));
        layers.forEach((name, layer) -> vertices.addLayer(name, layer, "activations"));
        ComputationGraph graph = new ComputationGraph(
                vertices.setOutputs(layers.keySet().toArray(new String[0])).build());
        graph.init();

        RowScales scales = scales(layers, ofInputs, ofTargets, inputs, outputs);
        INDArray start = ofTargets.start(biasStart).muli(scales.outputScale()).castTo(DataType.FLOAT);
        layers.keySet().forEach(name -> graph.getLayer(name)
                .getParam(DictionaryParamInitializer.DECODER_BIAS)
                .assign(start));
        TrainingData data = TrainingData.multiPerEpoch(
                epoch -> new RowBatches(buffer.epoch(epoch, minibatch), scales, layers.size()));
        TrainingResult result = new Trainer.Builder(graph, data)
                .steps(total)
                .listener(listeners.toArray(new ProgressListener[0]))
                .build()
                .fit();

        Map<String, SparseDictionary> trained = new LinkedHashMap<>();
        layers.keySet()
                .forEach(name -> trained.put(
                        name, SparseDictionary.of(graph, name).unscaled(scales.inputScale(), scales.outputScale())));
        return new AttachedDictionaries(place, read, trained, result, buffer.served());
    }

    /** Returns a power of two that leaves a number of steps per epoch. */
    private static int batchFor(long available) {
        long most = available < 0 ? LARGEST_BATCH : Math.min(LARGEST_BATCH, available / STEPS_PER_EPOCH);
        return Math.max(SMALLEST_BATCH, (int) Long.highestOneBit(Math.max(most, 1)));
    }

    private long steps(long available, int minibatch) {
        if (steps > 0) {
            return steps;
        }
        return rows > 0 ? ceil(rows, minibatch) : epochs * ceil(available, minibatch);
    }

    private static long ceil(long rows, int minibatch) {
        return (rows + minibatch - 1) / minibatch;
    }

    private static DictionaryLayer layer(Planned planned, int inputs, int outputs, long deadAfter) {
        DictionaryLayer layer = planned.layer();
        if (layer == null) {
            DictionaryEncoder encoder = Require.given(SUBJECT, "encoder", planned.encoder(), "");
            DictionaryLayer.Builder builder =
                    new DictionaryLayer.Builder().units(planned.units()).encoder(encoder);
            if (encoder instanceof CountEncoder && encoder.hasEncoderWeights()) {
                builder.revival(new AuxiliaryLoss(deadAfter));
            }
            if (outputs > 0) {
                builder.centeredInput(false);
            }
            layer = builder.build();
        }
        DictionaryLayer sized = (DictionaryLayer) layer.clone();
        sized.setNIn(inputs);
        sized.setNOut(outputs == 0 ? inputs : outputs);
        return sized;
    }

    /** Returns the scales; equal ones if an encoder subtracts the bias of the output from the input. */
    private RowScales scales(
            Map<String, DictionaryLayer> layers,
            ActivationSummary ofInputs,
            ActivationSummary ofTargets,
            int inputs,
            int outputs) {
        boolean subtracts = layers.values().stream()
                .anyMatch(
                        layer -> layer.hasCenteredInput() || !layer.getEncoder().hasEncoderWeights());
        double input = scaled ? ofInputs.scale() : 1;
        double output = outputs == 0 || subtracts ? input : scaled ? ofTargets.scale() : 1;
        return new RowScales(inputs, outputs, input, output);
    }
}
