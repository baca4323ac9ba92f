package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.math.LogSumExp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A beam search over sources that are decoded together. Row s·k + j of the decoder is hypothesis j of source s.
 *
 * <p>A source is done when no live hypothesis can reach a better score than a finished one. To stop at k finished ones
 * would be wrong: after a confident model, they are unlikely outputs that end too early.
 */
final class BeamSearch {

    private final Search search;
    private final int longest;
    private final List<Beam> beams = new ArrayList<>();

    /** A beginning of an output: its last token, what that looked at, and the rest. */
    private static final class Hypothesis {
        final int token;
        final @Nullable Hypothesis before;
        final double logProbability;
        final int tokens;
        final double @Nullable [] attention;

        Hypothesis(int token, @Nullable Hypothesis before, double logProbability, double @Nullable [] attention) {
            this.token = token;
            this.before = before;
            this.logProbability = logProbability;
            this.tokens = before == null ? 0 : before.tokens + 1;
            this.attention = attention;
        }
    }

    /** The hypotheses of a source. */
    private static final class Beam {
        List<Hypothesis> live = new ArrayList<>();
        final List<Hypothesis> finished = new ArrayList<>();
    }

    /** The decoder of all rows. */
    interface Rows {

        /**
         * Computes the logits of the next token.
         *
         * @param tokens the last token of each row
         * @return {@code [rows, vocabulary]}
         */
        INDArray logits(int[] tokens);

        /** Returns the attention weights of the last step, or null. */
        @Nullable
        INDArray weights();

        /** Gives each row the state of another. */
        void select(int[] rows);
    }

    BeamSearch(Search search, int sources, int longest) {
        this.search = search;
        this.longest = longest;
        for (int i = 0; i < sources; i++) {
            Beam beam = new Beam();
            beam.live.add(new Hypothesis(Vocabulary.START, null, 0, null));
            beams.add(beam);
        }
    }

    /** Runs the search, and returns the best output of each source. */
    List<Translation> run(Rows decoder, Vocabulary vocabulary) {
        int k = search.width();
        int[] tokens = new int[beams.size() * k];
        int[] origins = new int[tokens.length];
        for (int step = 0; step < longest && beams.stream().anyMatch(beam -> !beam.live.isEmpty()); step++) {
            for (int s = 0; s < beams.size(); s++) {
                for (int j = 0; j < k; j++) {
                    List<Hypothesis> live = beams.get(s).live;
                    tokens[s * k + j] = j < live.size() ? live.get(j).token : Vocabulary.PADDING;
                }
            }
            double[][] logits = decoder.logits(tokens).castTo(DataType.DOUBLE).toDoubleMatrix();
            INDArray weights = decoder.weights();
            double[][] attention =
                    weights == null ? null : weights.castTo(DataType.DOUBLE).toDoubleMatrix();
            for (int s = 0; s < beams.size(); s++) {
                extend(beams.get(s), s * k, logits, attention, origins);
            }
            decoder.select(origins);
        }
        return beams.stream().map(beam -> best(beam, vocabulary)).toList();
    }

    /** A live hypothesis with one more token. */
    private record Candidate(int parent, int token, double logProbability) {}

    private void extend(Beam beam, int firstRow, double[][] logits, double @Nullable [][] attention, int[] origins) {
        int k = search.width();
        List<Candidate> candidates = new ArrayList<>();
        for (int j = 0; j < beam.live.size(); j++) {
            addBest(candidates, j, beam.live.get(j).logProbability, logits[firstRow + j]);
        }
        candidates.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
        List<Hypothesis> next = new ArrayList<>();
        for (int j = 0; j < k; j++) {
            origins[firstRow + j] = firstRow + j;
        }
        for (int rank = 0; rank < candidates.size() && next.size() < k; rank++) {
            Candidate candidate = candidates.get(rank);
            Hypothesis before = beam.live.get(candidate.parent());
            double[] looked = attention == null ? null : attention[firstRow + candidate.parent()];
            Hypothesis extended = new Hypothesis(candidate.token(), before, candidate.logProbability(), looked);
            if (candidate.token() == Vocabulary.END) {
                if (rank < k) {
                    beam.finished.add(extended);
                }
            } else {
                origins[firstRow + next.size()] = firstRow + candidate.parent();
                next.add(extended);
            }
        }
        beam.live = isDone(beam, next) ? new ArrayList<>() : next;
        if (beam.live.isEmpty() && beam.finished.isEmpty()) {
            beam.finished.addAll(next);
        } else if (!beam.live.isEmpty() && beam.live.get(0).tokens == longest && beam.finished.isEmpty()) {
            beam.finished.addAll(beam.live); // cut off
        }
    }

    /** Adds the 2k most likely tokens after a hypothesis: k would be too few, because some of them can be the end. */
    private void addBest(List<Candidate> candidates, int parent, double logProbability, double[] logits) {
        double normalizer = LogSumExp.of(logits, 0, logits.length);
        List<Candidate> all = new ArrayList<>();
        for (int token = 0; token < logits.length; token++) {
            if (token != Vocabulary.PADDING && token != Vocabulary.START) {
                all.add(new Candidate(parent, token, logProbability + logits[token] - normalizer));
            }
        }
        all.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
        candidates.addAll(all.subList(0, Math.min(2 * search.width(), all.size())));
    }

    private double score(Hypothesis hypothesis) {
        return search.score(hypothesis.logProbability, hypothesis.tokens);
    }

    private boolean isDone(Beam beam, List<Hypothesis> next) {
        if (next.isEmpty()) {
            return true;
        }
        double reachable = search.score(next.get(0).logProbability, longest); // the best that it can become
        return beam.finished.stream().anyMatch(hypothesis -> score(hypothesis) >= reachable);
    }

    private Translation best(Beam beam, Vocabulary vocabulary) {
        Hypothesis best = beam.finished.stream()
                .max(Comparator.comparingDouble(this::score))
                .orElseThrow();
        int[] tokens = new int[best.tokens];
        double[][] attention = new double[best.tokens][];
        for (Hypothesis each = best; each != null && each.tokens > 0; each = each.before) {
            tokens[each.tokens - 1] = each.token;
            attention[each.tokens - 1] = each.attention;
        }
        return new Translation(
                vocabulary.decode(tokens),
                best.logProbability,
                best.attention == null ? null : Nd4j.createFromArray(attention));
    }
}
