package io.github.dl4jae.examples.sequence;

import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.LearningCurve;
import io.github.dl4jae.examples.support.PairTraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.SequenceOptions;
import io.github.dl4jae.examples.support.TextPairs;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.sequence.Bleu;
import io.github.dl4jae.sequence.ExactMatch;
import io.github.dl4jae.sequence.Search;
import io.github.dl4jae.sequence.SequenceToSequence;
import io.github.dl4jae.sequence.SequenceTraining;
import io.github.dl4jae.sequence.Translation;
import io.github.dl4jae.sequence.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Translates texts, character by character or word by word: numbers into words, dates, or any pairs from a file. */
@Command(
        name = "translate",
        description = "Numbers into words of three languages, dates into other formats, or any pairs of texts.")
public final class Translate implements Callable<Integer> {

    private static final int BATCH = 64;
    private static final double RATE = 4e-3;
    /** Pixels of a weight in the picture of the attention. */
    private static final int SQUARE = 12;

    private static final int LARGEST_VOCABULARY = 5000;

    @Mixin
    private final SequenceOptions options = new SequenceOptions();

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Generated pairs, of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Task task = Task.NUMBERS;

    @Option(names = "--pairs", paramLabel = "FILE", description = "File of source, tab and target in each line.")
    private Path pairs;

    @Option(names = "--words", description = "Words are the tokens of --pairs, instead of characters.")
    private boolean words;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "Numbers or dates to train on, or pairs of the file. Default: depends on the task.")
    private Integer examples;

    @Option(
            names = "--test-examples",
            paramLabel = "N",
            description = "Numbers, dates or pairs that are only tested on. Default: ${DEFAULT-VALUE}.")
    private int tested = 500;

    @Option(names = "--hidden", paramLabel = "N", description = "Units per layer. Default: ${DEFAULT-VALUE}.")
    private int hidden = 96;

    @Option(names = "--beam", paramLabel = "N", description = "Width of the beam search. Default: ${DEFAULT-VALUE}.")
    private int beam = 4;

    /** Generated pairs; each example gives several. */
    private enum Task {
        NUMBERS(4000, 3, 8),
        DATES(2000, 4, 10);

        private final int examples;
        private final int pairsPerExample;
        private final int epochs;

        Task(int examples, int pairsPerExample, int epochs) {
            this.examples = examples;
            this.pairsPerExample = pairsPerExample;
            this.epochs = epochs;
        }
    }

    @Override
    public Integer call() throws IOException {
        Path out = options.out("translate");

        // 1. Read or generate pairs. No number or date of the test is trained on.
        int count = examples != null ? examples : pairs == null ? task.examples : Integer.MAX_VALUE / 8;
        int perExample = pairs == null ? task.pairsPerExample : 1;
        TextPairs all = pairs(count + 2 * tested);
        int test = tested * perExample;
        int train = Math.min(count * perExample, all.size() - 2 * test);
        if (train < 1) {
            throw new IllegalArgumentException("--test-examples must leave pairs to train on, got " + tested + " of "
                    + all.size() / perExample + "; twice as many are held out");
        }
        TextPairs validation = all.part(0, test);
        TextPairs unseen = all.part(test, 2 * test);
        TextPairs seen = all.part(2 * test, 2 * test + train);

        // 2. Train.
        int epochs = options.epochs(task.epochs);
        long steps = (seen.size() + BATCH - 1L) / BATCH * epochs;
        SequenceToSequence model = new SequenceToSequence.Builder(
                        vocabulary(seen.sources()), vocabulary(seen.targets()))
                .hidden(hidden)
                .seed(options.seed())
                .updater(FallingRate.linear(RATE, steps))
                .build();
        LearningCurve curve = PairTraining.run(
                model, seen, validation, new SequenceTraining.Builder().seed(options.seed()), BATCH, epochs, out);
        model.save(out.resolve("model.zip"));

        // 3. Translate what was never seen.
        Report report = new Report(
                        "Translation of " + all.name(),
                        unseen.size() + " pairs that were not trained on. Exact: the share of outputs that equal the"
                                + " reference. BLEU compares runs of up to four words, in percent.",
                        out)
                .formula(
                        "sequence-likelihood",
                        "Minimized: the negative log-likelihood of targets, with the context c of the attention α.")
                .table("search", "exact in %", "BLEU");
        for (Search search : List.of(Search.greedy(), Search.beam(beam))) {
            List<String> outputs = texts(model, unseen, search);
            report.row(
                    search.width() == 1 ? "greedy" : "beam of " + search.width(),
                    percent(ExactMatch.of(outputs, unseen.targets())),
                    percent(Bleu.of(outputs, unseen.targets())));
        }
        if (pairs == null && task == Task.NUMBERS) {
            report.table("language, greedy", "exact in %", "example");
            for (NumberWords language : NumberWords.values()) {
                TextPairs part = unseen.startingWith(language.code());
                List<String> outputs = texts(model, part, Search.greedy());
                report.row(language.code(), percent(ExactMatch.of(outputs, part.targets())), outputs.get(0));
            }
        }
        addExamples(report, model, unseen);
        report.count("pairs to train on", seen.size())
                .count("seed", options.seed())
                .training("-ln p(y|x) per pair", curve, "validation")
                .write();
        return 0;
    }

    private TextPairs pairs(int count) throws IOException {
        if (pairs != null) {
            return TextPairs.read(pairs, options.seed());
        }
        return task == Task.NUMBERS
                ? GeneratedPairs.numbers(count, options.seed())
                : GeneratedPairs.dates(count, options.seed());
    }

    private Vocabulary vocabulary(List<String> texts) {
        return words ? Vocabulary.ofWords(texts, LARGEST_VOCABULARY) : Vocabulary.ofCharacters(texts);
    }

    private static List<String> texts(SequenceToSequence model, TextPairs pairs, Search search) {
        return model.translate(pairs.sources(), search).stream()
                .map(Translation::text)
                .toList();
    }

    private static String percent(double share) {
        return Report.decimals(2, 100 * share);
    }

    private static void addExamples(Report report, SequenceToSequence model, TextPairs pairs) {
        List<Translation> first = model.translate(pairs.part(0, 6).sources(), Search.greedy());
        report.table("source", "output", "ln p in nats");
        for (int i = 0; i < first.size(); i++) {
            report.row(
                    pairs.sources().get(i),
                    first.get(i).text(),
                    Report.decimals(3, first.get(i).logProbability()));
        }
        INDArray weights = Objects.requireNonNull(first.get(0).attention());
        report.picture(
                "attention",
                "The attention of \"" + first.get(0).text() + "\" and its end, a row for each token, over \""
                        + pairs.sources().get(0) + "\". Black is 0.",
                () -> ImageGrid.of((int) weights.size(0), (int) weights.size(1))
                        .columns(1)
                        .scale(SQUARE)
                        .images(weights.reshape(1, weights.length()))
                        .draw());
    }
}
