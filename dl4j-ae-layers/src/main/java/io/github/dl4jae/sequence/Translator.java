package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The encoder and the decoder in the graph of a {@link SequenceToSequence}. */
final class Translator {

    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ComputationGraph graph;
    private final ForwardPass pass;
    private final int sourceTokens;
    private final int targetTokens;
    private final boolean attends;
    private final boolean conditioned;

    Translator(String subject, ComputationGraph graph, int sourceTokens, int targetTokens) {
        Require.given(subject, "network", graph, "");
        this.graph = graph;
        this.pass = ForwardPass.of(graph);
        this.sourceTokens = sourceTokens;
        this.targetTokens = targetTokens;
        for (String name : new String[] {"source-embedding", DecoderSteps.RECURRENT + 0, DecoderSteps.OUTPUT}) {
            Require.that(
                    pass.find(name) != null,
                    subject,
                    "the graph must have the vertices of a SequenceToSequence, among them '" + name + "'",
                    pass.names(),
                    "build it with SequenceToSequence.Builder");
        }
        this.attends = pass.find(TranslationGraph.CODE) == null;
        this.conditioned = pass.find(TranslationGraph.EMBEDDING) != null;
        requireSize(subject, "source", (int) graph.layerInputSize("source-embedding"), sourceTokens);
        requireSize(subject, "target", (int) graph.layerSize(DecoderSteps.OUTPUT), targetTokens);
    }

    private static void requireSize(String subject, String what, int expected, int found) {
        Require.that(
                expected == found,
                subject,
                "the " + what + " vocabulary must have the " + expected + " tokens of the network",
                found,
                "use that of the training");
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

    /** Computes what the decoder needs of the encoder: states or the code. */
    private INDArray encoded(INDArray source, @Nullable INDArray mask) {
        String vertex = attends ? states() : TranslationGraph.CODE;
        INDArray @Nullable [] masks = mask == null ? null : new INDArray[] {mask, null};
        return pass.outputs(
                        List.of(Objects.requireNonNull(pass.find(vertex))),
                        Map.of(Objects.requireNonNull(pass.find(TranslationGraph.SOURCE)), source),
                        masks,
                        (int) source.size(0),
                        NO_WORKSPACES)
                .get(0);
    }

    private String states() {
        int decoder = Objects.requireNonNull(pass.find(DecoderSteps.RECURRENT + 0));
        return pass.name(pass.sources(decoder).get(1));
    }

    /** Translates tokens; each source alone determines its result. */
    Translation[] translate(int[][] sources, Search search, int longest, Vocabulary target) {
        Translation[] all = new Translation[sources.length];
        int[] lengths = Arrays.stream(sources).mapToInt(each -> each.length).toArray();
        synchronized (graph) {
            EqualLengths.forEach(lengths, (rows, count, length) -> {
                int[][] tokens =
                        Arrays.stream(rows).mapToObj(row -> sources[row]).toArray(int[][]::new);
                INDArray source = TokenRows.oneHot(tokens, sourceTokens, length).castTo(pass.type());
                INDArray encoded = encoded(source, null).dup('c');
                List<Translation> batch = search(encoded, search, longest, target);
                for (int i = 0; i < count; i++) {
                    all[rows[i]] = batch.get(i);
                }
            });
        }
        return all;
    }

    private List<Translation> search(INDArray encoded, Search search, int longest, Vocabulary target) {
        int sources = (int) encoded.size(0);
        int[] repeated = IntStream.range(0, sources * search.width())
                .map(row -> row / search.width())
                .toArray();
        INDArray ofRows = rows(encoded, repeated);
        try (DecoderSteps decoder = new DecoderSteps(graph)) {
            if (attends) {
                decoder.attendTo(ofRows, null);
            }
            return new BeamSearch(search, sources, longest)
                    .run(
                            new BeamSearch.Rows() {
                                @Override
                                public INDArray logits(int[] tokens) {
                                    int[][] each = Arrays.stream(tokens)
                                            .mapToObj(token -> new int[] {token})
                                            .toArray(int[][]::new);
                                    INDArray previous = TokenRows.oneHot(each, targetTokens, 1)
                                            .reshape(tokens.length, targetTokens)
                                            .castTo(pass.type());
                                    return decoder.step(input(previous, ofRows));
                                }

                                @Override
                                public @Nullable INDArray weights() {
                                    return decoder.weights();
                                }

                                @Override
                                public void select(int[] rows) {
                                    decoder.select(rows);
                                }
                            },
                            target);
        }
    }

    private static INDArray rows(INDArray array, int[] rows) {
        INDArray flat = array.reshape('c', array.size(0), -1);
        long[] shape = array.shape().clone();
        shape[0] = rows.length;
        return Nd4j.pullRows(flat, 1, rows, 'c').reshape('c', shape);
    }

    /** Returns the input of the decoder: the vector of the previous token, the code, or both. */
    private INDArray input(INDArray previous, INDArray encoded) {
        if (!conditioned) {
            return encoded;
        }
        Layer embedding = graph.getLayer(TranslationGraph.EMBEDDING);
        embedding.setInput(previous.reshape('c', previous.size(0), targetTokens, 1), NO_WORKSPACES);
        INDArray vector = embedding.activate(false, NO_WORKSPACES);
        embedding.clear();
        INDArray flat = vector.dup('c').reshape('c', vector.size(0), vector.size(1));
        return attends ? flat : Nd4j.hstack(flat, encoded);
    }

    /** Replaces true previous tokens by samples of the decoder. */
    void mix(PreviousSteps steps, INDArray previous, INDArray source, INDArray mask, long iteration) {
        synchronized (graph) {
            INDArray encoded = encoded(source, mask).dup('c');
            try (DecoderSteps decoder = new DecoderSteps(graph)) {
                if (attends) {
                    decoder.attendTo(encoded, mask);
                }
                steps.mix(
                        previous,
                        iteration,
                        (before, seed) -> decoder.sample(decoder.step(input(before, encoded)), seed));
            }
        }
    }
}
