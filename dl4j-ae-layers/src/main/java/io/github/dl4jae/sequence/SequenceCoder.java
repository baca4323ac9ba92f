package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossCategorical;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The encoder and the decoder in the graph of a {@link SequenceAutoencoder}. */
final class SequenceCoder {

    static final String SEQUENCE = "sequence";
    static final String PREVIOUS = "previous";
    static final String CODE = "code";

    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ComputationGraph graph;
    private final ForwardPass pass;
    private final boolean conditioned;
    private final int features;
    private final int code;

    SequenceCoder(String subject, ComputationGraph graph) {
        Require.given(subject, "network", graph, "");
        this.graph = graph;
        this.pass = ForwardPass.of(graph);
        for (String name : new String[] {SEQUENCE, CODE, DecoderSteps.RECURRENT + 0, DecoderSteps.OUTPUT}) {
            Require.that(
                    pass.find(name) != null,
                    subject,
                    "the graph must have the vertices of a sequence autoencoder, among them '" + name + "'",
                    pass.names(),
                    "build it with SequenceAutoencoder.Builder");
        }
        this.conditioned = pass.find(PREVIOUS) != null;
        this.features = (int) graph.layerInputSize("encoder0");
        this.code = (int) graph.layerSize(CODE);
    }

    ComputationGraph graph() {
        return graph;
    }

    ForwardPass pass() {
        return pass;
    }

    boolean isConditioned() {
        return conditioned;
    }

    int features() {
        return features;
    }

    int codeSize() {
        return code;
    }

    int place(String name) {
        return Objects.requireNonNull(pass.find(name), name);
    }

    /** Computes a vertex of the encoder for every sequence, {@code [N, width]}. */
    INDArray encoded(String vertex, long width, INDArray sequences, int[] lengths) {
        INDArray codes = Nd4j.create(pass.type(), lengths.length, width);
        synchronized (graph) {
            EqualLengths.forEach(lengths, (rows, count, length) -> {
                INDArray x = SequenceLengths.copy(sequences, lengths, rows, length, pass.type());
                INDArray batch = output(vertex, x, null);
                for (int i = 0; i < count; i++) {
                    codes.putRow(rows[i], batch.getRow(i));
                }
            });
        }
        return codes;
    }

    /** Computes a vertex of the encoder for one mini-batch. */
    private INDArray output(String vertex, INDArray x, @Nullable INDArray mask) {
        INDArray @Nullable [] masks =
                mask == null ? null : conditioned ? new INDArray[] {mask, mask} : new INDArray[] {mask};
        return pass.outputs(List.of(place(vertex)), Map.of(place(SEQUENCE), x), masks, (int) x.size(0), NO_WORKSPACES)
                .get(0);
    }

    /** Decodes codes {@code [N, k]} to {@code [N, n, steps]}: expectations, or samples. */
    INDArray decoded(INDArray codes, int steps, @Nullable Long seed) {
        INDArray decoded = Nd4j.create(pass.type(), codes.size(0), features, steps);
        synchronized (graph) {
            EqualLengths.forEach((int) codes.size(0), (rows, count, length) -> {
                Long ofBatch = seed == null ? null : seed + 31L * rows[0];
                INDArray batch = decodeBatch(Nd4j.pullRows(codes.castTo(pass.type()), 1, rows, 'c'), steps, ofBatch);
                for (int i = 0; i < count; i++) {
                    decoded.slice(rows[i]).assign(batch.slice(i));
                }
            });
        }
        return decoded;
    }

    private INDArray decodeBatch(INDArray codes, int steps, @Nullable Long seed) {
        INDArray decoded = Nd4j.create(pass.type(), codes.size(0), features, steps);
        try (DecoderSteps decoder = new DecoderSteps(graph)) {
            INDArray previous = Nd4j.zeros(pass.type(), codes.size(0), features);
            for (int t = 0; t < steps; t++) {
                INDArray output = decoder.step(input(previous, codes));
                INDArray now = seed == null ? decoder.mean(output) : decoder.sample(output, seed * 1_000_003 + t);
                decoded.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t))
                        .assign(now);
                previous = seed == null ? mostLikely(now, decoder.loss()) : now.castTo(pass.type());
            }
        }
        return decoded;
    }

    /** Writes texts for codes {@code [N, k]}: their tokens, without ends. */
    List<int[]> written(INDArray codes, int longest, TextDecoding decoding) {
        int count = (int) codes.size(0);
        int[][] texts = new int[count][];
        synchronized (graph) {
            EqualLengths.forEach(count, (rows, part, length) -> {
                TextWriter[] writers = Arrays.stream(rows)
                        .mapToObj(row -> new TextWriter(decoding, row))
                        .toArray(TextWriter[]::new);
                write(writers, Nd4j.pullRows(codes.castTo(pass.type()), 1, rows, 'c'), longest);
                for (int i = 0; i < part; i++) {
                    texts[rows[i]] = writers[i].tokens();
                }
            });
        }
        return List.of(texts);
    }

    private void write(TextWriter[] writers, INDArray codes, int longest) {
        try (DecoderSteps decoder = new DecoderSteps(graph)) {
            INDArray previous = Nd4j.zeros(pass.type(), codes.size(0), features);
            for (int t = 0; t < longest && !Arrays.stream(writers).allMatch(TextWriter::hasEnded); t++) {
                int[] tokens = TextWriter.writeAll(writers, decoder.mean(decoder.step(input(previous, codes))));
                previous = Nd4j.zeros(pass.type(), codes.size(0), features);
                for (int i = 0; i < tokens.length; i++) {
                    previous.putScalar(i, tokens[i], 1);
                }
            }
        }
    }

    private INDArray input(INDArray previous, INDArray codes) {
        return conditioned ? Nd4j.hstack(previous, codes) : codes;
    }

    /** Returns the step that the decoder reads next: the most likely token, rounded bits, or the expectation. */
    private static INDArray mostLikely(INDArray mean, ILossFunction loss) {
        if (loss instanceof LossBernoulli) {
            return mean.gte(0.5).castTo(mean.dataType());
        } else if (!(loss instanceof LossCategorical)) {
            return mean;
        }
        INDArray token = Nd4j.zeros(mean.dataType(), mean.shape());
        int[] largest = mean.argMax(1).castTo(DataType.INT32).toIntVector();
        for (int i = 0; i < largest.length; i++) {
            token.putScalar(i, largest[i], 1);
        }
        return token;
    }

    /** Replaces true previous steps by samples of the decoder. */
    void mix(PreviousSteps steps, INDArray previous, INDArray x, INDArray mask, long iteration) {
        synchronized (graph) {
            INDArray codes = output(CODE, x, mask).dup('c');
            try (DecoderSteps decoder = new DecoderSteps(graph)) {
                steps.mix(
                        previous,
                        iteration,
                        (before, seed) -> decoder.sample(decoder.step(input(before, codes)), seed));
            }
        }
    }

    /** Returns what the graph reads besides the code to compute the likelihood of sequences of one length. */
    Map<Integer, INDArray> known(INDArray x, INDArray codes) {
        INDArray first = Nd4j.zeros(x.dataType(), x.size(0), x.size(1));
        return conditioned
                ? Map.of(place(SEQUENCE), x, place(CODE), codes, place(PREVIOUS), PreviousSteps.shifted(x, first))
                : Map.of(place(SEQUENCE), x, place(CODE), codes);
    }

    /** Returns the loss {@code [N]} of sequences of one length, given their codes and the true previous steps. */
    INDArray losses(INDArray x, INDArray codes) {
        return pass.losses(place(DecoderSteps.OUTPUT), known(x, codes), x, null, null, (int) x.size(0), NO_WORKSPACES);
    }
}
