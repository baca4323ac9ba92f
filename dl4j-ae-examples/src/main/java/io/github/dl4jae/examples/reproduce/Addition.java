package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.LearningCurve;
import io.github.dl4jae.examples.support.PairTraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.SequenceOptions;
import io.github.dl4jae.examples.support.TextPairs;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.sequence.ExactMatch;
import io.github.dl4jae.sequence.SequenceToSequence;
import io.github.dl4jae.sequence.SequenceTraining;
import io.github.dl4jae.sequence.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sums of numbers of up to three digits as texts: the addition example of Keras. */
@Command(
        name = "addition",
        description = "Sums of numbers of up to three digits, read and written digit by digit: 99 % of digits in the"
                + " addition example of Keras.")
public final class Addition implements Callable<Integer> {

    private static final int BATCH = 128;
    private static final double HELD_OUT = 0.1;

    @Mixin
    private final SequenceOptions options = new SequenceOptions();

    @Option(
            names = "--questions",
            paramLabel = "N",
            description = "Number of different questions, a tenth of which is held out. Default: ${DEFAULT-VALUE}.")
    private int questions = 50_000;

    @Option(
            names = "--digits",
            paramLabel = "N",
            description = "Digits of a number, 1 to 6. Default: ${DEFAULT-VALUE}.")
    private int digits = 3;

    @Option(
            names = "--decoder",
            paramLabel = "KIND",
            description = "The decoder, of ${COMPLETION-CANDIDATES}: with attention, or the code alone as in Keras."
                    + " Default: ${DEFAULT-VALUE}.")
    private Kind decoder = Kind.ATTENTION;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description = "Units per layer. Default: 96 with attention, 128 for the code alone.")
    private Integer hidden;

    /** A decoder with its usual size and training. */
    private enum Kind {
        ATTENTION(96, 12, 5e-3),
        CODE(128, 60, 3e-3);

        private final int hidden;
        private final int epochs;
        private final double rate;

        Kind(int hidden, int epochs, double rate) {
            this.hidden = hidden;
            this.epochs = epochs;
            this.rate = rate;
        }
    }

    @Override
    public Integer call() {
        if (digits < 1 || digits > 6 || questions < 20 || questions > Math.pow(10, 2 * digits) / 3) {
            throw new IllegalArgumentException("--questions must be from 20 to a third of the pairs of numbers, got "
                    + questions + " of --digits " + digits);
        }
        Path out = options.out("addition");

        // 1. Draw questions such as 535+61. The exchanged question, 61+535, counts as the same.
        TextPairs all = questions(options.seed());
        int heldOut = (int) (questions * HELD_OUT);
        TextPairs test = all.part(0, heldOut);
        TextPairs train = all.part(heldOut, questions);

        // 2. Train. As in Keras, a decoder of the code alone gets the question backwards.
        int epochs = options.epochs(decoder.epochs);
        long steps = (train.size() + BATCH - 1L) / BATCH * epochs;
        boolean attention = decoder == Kind.ATTENTION;
        SequenceToSequence model = new SequenceToSequence.Builder(
                        Vocabulary.ofCharacters(List.of("0123456789+")), Vocabulary.ofCharacters(List.of("0123456789")))
                .cell(attention ? RecurrentCell.GRU : RecurrentCell.LSTM)
                .hidden(hidden == null ? decoder.hidden : hidden)
                .embedding(16)
                .attention(attention)
                .attentionUnits(32)
                .conditioned(attention)
                .bidirectional(attention)
                .reversed(!attention)
                .seed(options.seed())
                .updater(FallingRate.linear(decoder.rate, steps))
                .build();
        LearningCurve curve = PairTraining.run(
                model,
                train,
                test.part(0, 1000),
                new SequenceTraining.Builder().seed(options.seed()),
                BATCH,
                epochs,
                out);
        model.save(out.resolve("model.zip"));

        // 3. Answer the questions that were held out.
        List<String> answers = model.translate(test.sources());
        Report report = new Report(
                        "Addition of numbers of up to " + digits + " digits",
                        test.size() + " questions that were not trained on. Exact: the whole sum is right. The"
                                + " published figure counts digits.",
                        out)
                .formula(
                        "sequence-likelihood",
                        "Minimized: the negative log-likelihood of sums y. Without attention, c is the code.")
                .figure("published share of right digits in %, 100 epochs of the code alone", "99")
                .figure("share of right digits in %", percent(rightCharacters(answers, test.targets())))
                .figure("share of exact sums in %", percent(ExactMatch.of(answers, test.targets())))
                .count("epochs", curve.epochs())
                .trainingTime(curve.seconds())
                .count("parameters", model.network().numParams())
                .count("seed", options.seed())
                .table("question", "answer", "right answer");
        for (int i = 0; i < Math.min(8, answers.size()); i++) {
            report.row(test.sources().get(i), answers.get(i), test.targets().get(i));
        }
        report.training("-ln p(sum) per question", curve, "validation").write();
        return 0;
    }

    private TextPairs questions(long seed) {
        Random random = new Random(seed);
        Set<List<Integer>> drawn = new HashSet<>();
        List<String> sources = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        while (sources.size() < questions) {
            int a = number(random);
            int b = number(random);
            if (drawn.add(List.of(Math.min(a, b), Math.max(a, b)))) {
                sources.add(a + "+" + b);
                targets.add(Integer.toString(a + b));
            }
        }
        return new TextPairs("sums", sources, targets).shuffled(seed); // short questions are drawn early
    }

    /** Draws a number of digits first, as Keras does. */
    private int number(Random random) {
        return random.nextInt((int) Math.pow(10, 1 + random.nextInt(digits)));
    }

    /** Returns the share of right characters among those of the longer text. */
    private static double rightCharacters(List<String> answers, List<String> references) {
        long right = 0;
        long all = 0;
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i);
            String reference = references.get(i);
            all += Math.max(answer.length(), reference.length());
            for (int at = 0; at < Math.min(answer.length(), reference.length()); at++) {
                right += answer.charAt(at) == reference.charAt(at) ? 1 : 0;
            }
        }
        return (double) right / all;
    }

    private static String percent(double share) {
        return Report.decimals(2, 100 * share);
    }
}
