package io.github.dl4jae.examples.molecules;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.LearningCurve;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.SequenceOptions;
import io.github.dl4jae.examples.support.SequenceRun;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sequence.SequenceAutoencoder;
import io.github.dl4jae.sequence.SequenceTraining;
import io.github.dl4jae.sequence.StepLikelihood;
import io.github.dl4jae.sequence.TextAutoencoder;
import io.github.dl4jae.sequence.TextDecoding;
import io.github.dl4jae.sequence.TokenRules;
import io.github.dl4jae.sequence.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Invents molecules, and changes molecules towards a property, by a variational autoencoder of SMILES. */
@Command(name = "molecules", description = "Invents molecules, and searches the codes of known ones for a larger logP.")
public final class InventMolecules implements Callable<Integer> {

    private static final int BATCH = 128;
    private static final double RATE = 2e-3;
    /** A bit of the code costs little at first, so that the decoder learns to read it. */
    private static final double KL_WEIGHT = 0.05;

    private static final int LARGEST_VOCABULARY = 200;
    private static final int LONGEST = 80;
    private static final int SHOWN = 24;
    private static final int CHANGED = 100;

    @Mixin
    private final SequenceOptions options = new SequenceOptions();

    @Option(
            names = "--molecules",
            paramLabel = "FILE",
            description = "SMILES, one a line; the name can end in .gz. Default: hiv-smiles.txt.gz in the folder"
                    + " molecules of the data directory, or generated molecules.")
    private Path molecules;

    @Option(
            names = "--train-molecules",
            paramLabel = "N",
            description = "Molecules to train on. Default: all, and 4000 generated ones.")
    private int trained = Integer.MAX_VALUE / 4;

    @Option(
            names = "--test-molecules",
            paramLabel = "N",
            description = "Molecules that are only tested on. Default: ${DEFAULT-VALUE}.")
    private int tested = 1000;

    @Option(names = "--samples", paramLabel = "N", description = "Molecules to invent. Default: ${DEFAULT-VALUE}.")
    private int samples = 1000;

    @Option(names = "--hidden", paramLabel = "N", description = "Units per layer. Default: ${DEFAULT-VALUE}.")
    private int hidden = 256;

    @Option(names = "--code", paramLabel = "N", description = "Size of the code. Default: ${DEFAULT-VALUE}.")
    private int code = 64;

    @Override
    public Integer call() throws IOException {
        Path out = options.out("molecules");

        // 1. Read molecules. Tokens are atoms, bonds, branches and ring numbers.
        MoleculeFile all = read();
        Vocabulary vocabulary = Vocabulary.ofParts(all.smiles(), SmilesRules.TOKEN, LARGEST_VOCABULARY);
        SmilesRules rules = new SmilesRules(vocabulary);
        all = all.allowed(vocabulary, rules);
        MoleculeFile test = all.part(0, tested);
        MoleculeFile validation = all.part(tested, 2 * tested);
        MoleculeFile train = all.part(2 * tested, (int) Math.min(all.size(), 2L * tested + trained));
        if (train.size() == 0) {
            throw new IllegalArgumentException("--test-molecules must leave molecules to train on, got " + tested
                    + " of " + all.size() + "; twice as many are held out");
        }

        // 2. Train.
        int epochs = options.epochs(40);
        int steps = epochs * ((train.size() + BATCH - 1) / BATCH);
        TextAutoencoder model = TextAutoencoder.of(
                vocabulary,
                new SequenceAutoencoder.Builder()
                        .features(vocabulary.size())
                        .hidden(hidden)
                        .decoderHidden(hidden)
                        .bidirectional(true)
                        .code(code)
                        .conditioned(true)
                        .variational(new LinearSchedule(ScheduleType.ITERATION, 0, KL_WEIGHT, steps / 2))
                        .likelihood(StepLikelihood.categorical())
                        .seed(options.seed())
                        .updater(FallingRate.linear(RATE, steps))
                        .build());
        SequenceTraining training =
                new SequenceTraining.Builder().batch(BATCH).seed(options.seed()).build();
        LearningCurve curve = new SequenceRun(train.size() + " of " + all.name(), epochs, steps, out)
                .train(
                        model.autoencoder().network(),
                        model.data(train.smiles(), training),
                        model.validationData(validation.smiles()));
        model.save(out.resolve("model.zip"));

        // 3. Write test molecules again, and invent new ones, with and without the rules of SMILES.
        TextDecoding greedy = TextDecoding.greedy().withRules(rules).withLongest(LONGEST);
        List<String> again = model.decode(model.encode(test.smiles()), greedy);
        Set<String> known = Inventions.canonical(train.smiles());
        Report report = new Report(
                        "Molecules like those of " + all.name(),
                        train.size() + " molecules to train on. Valid: the share of texts that OpenChemLib reads."
                                + " Unique: the share of different molecules among them. Novel: the share of those that"
                                + " were not trained on.",
                        out)
                .formula("elbo", "Maximized: x are the tokens of a molecule, z is its code.")
                .figure("test molecules that are written again exactly, %", percent(equal(again, test.smiles())))
                .figure("perplexity per token", model.perplexity(test.smiles(), 10, options.seed()))
                .table("invented", "valid in %", "unique in %", "novel in %");
        Inventions free = invent(model, TokenRules.none(), known);
        Inventions ruled = invent(model, rules, known);
        addRow(report, "without rules", free);
        addRow(report, "with the rules of SMILES", ruled);

        // 4. Change test molecules towards a larger logP.
        addChanges(report, model, train, test, greedy);
        List<String> shown =
                ruled.molecules().subList(0, Math.min(SHOWN, ruled.molecules().size()));
        report.picture(
                        "invented",
                        "Invented molecules with their logP.",
                        () -> MoleculePictures.draw(
                                shown,
                                shown.stream().map(InventMolecules::caption).toList(),
                                6))
                .count("seed", options.seed())
                .training("-ELBO per molecule", curve, "validation")
                .write();
        return 0;
    }

    private MoleculeFile read() throws IOException {
        if (molecules != null) {
            return MoleculeFile.read(molecules, options.seed());
        }
        Path file = DataDirectory.find().path().resolve("molecules").resolve("hiv-smiles.txt.gz");
        return Files.exists(file)
                ? MoleculeFile.read(file, options.seed())
                : MoleculeFile.generated(Math.min(trained, 4000) + 2 * tested, options.seed());
    }

    private Inventions invent(TextAutoencoder model, TokenRules rules, Set<String> known) {
        TextDecoding decoding =
                TextDecoding.sampling(1, options.seed()).withRules(rules).withLongest(LONGEST);
        return Inventions.of(model.sample(samples, decoding), known);
    }

    private static void addRow(Report report, String name, Inventions found) {
        report.row(name, percent(found.valid()), percent(found.unique()), percent(found.novel()));
    }

    private static String percent(double share) {
        return Report.decimals(1, 100 * share);
    }

    private static double equal(List<String> some, List<String> others) {
        int equal = 0;
        for (int i = 0; i < some.size(); i++) {
            equal += some.get(i).equals(others.get(i)) ? 1 : 0;
        }
        return (double) equal / some.size();
    }

    private void addChanges(
            Report report, TextAutoencoder model, MoleculeFile train, MoleculeFile test, TextDecoding decoding) {
        List<String> measured = train.part(0, 10_000).smiles();
        PropertyHead head = PropertyHead.fit(model.encode(measured), logP(measured), options.seed());
        List<String> start = test.part(0, CHANGED).smiles();
        INDArray codes = model.encode(start);
        report.table("distance in the code", "mean logP", "molecules that changed, %", "valid in %");
        List<String> pictures = new ArrayList<>();
        for (double distance : new double[] {0, 2, 4, 6}) {
            List<String> found = model.decode(head.climb(codes, distance, 20), decoding);
            List<String> valid = found.stream()
                    .filter(each -> Smiles.parse(each).isPresent())
                    .toList();
            report.row(
                    Report.decimals(0, distance),
                    Report.decimals(2, logP(valid).meanNumber().doubleValue()),
                    percent(1 - equal(found, start)),
                    percent((double) valid.size() / found.size()));
            pictures.addAll(found.subList(0, Math.min(6, found.size())));
        }
        report.picture(
                "changed",
                "Six test molecules, a column each, changed further in each row. The number is logP.",
                () -> MoleculePictures.draw(
                        pictures,
                        pictures.stream().map(InventMolecules::caption).toList(),
                        6));
    }

    private static INDArray logP(List<String> smiles) {
        return Nd4j.createFromArray(smiles.stream().mapToDouble(Smiles::logP).toArray())
                .reshape(smiles.size(), 1)
                .castTo(Nd4j.defaultFloatingPointType());
    }

    private static String caption(String smiles) {
        return Smiles.parse(smiles).isEmpty() ? "no molecule" : String.format(Locale.ROOT, "%.2f", Smiles.logP(smiles));
    }
}
