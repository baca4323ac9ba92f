package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.anomaly.AnomalyDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every example runs, and writes its figures and pictures. */
@Tag("slow")
class ExampleRunsTest extends LauncherRun {

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "kl-sparse", "undercomplete", "linear-pca"})
    void example_writesPicturesAndASelfContainedReport(String example) throws IOException {
        assertThat(run(example, "--epochs", "1", "--out", out.toString())).isZero();

        assertThat(text()).contains("test error").contains("report.html");
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report)
                .contains("<h1>", "test error", "data:image/png;base64,", "<math")
                .doesNotContain("src=\"http", "<script", "href=");
        assertThat(out).isDirectoryContaining("glob:**curve.csv").isDirectoryContaining("glob:**best.zip");
        assertThat(out.toFile().list((directory, name) -> name.endsWith(".png")))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @CsvSource({
        "vae --likelihood-samples 5, 8",
        "beta-vae, 7",
        "conv-vae, 7",
        "conditional-vae, 9",
        "iwae --likelihood-samples 5, 7"
    })
    void variationalExample_writesSamplesAndMaps(String example, int pictures) throws IOException {
        assertThat(run((example + " --epochs 1 --train-images 2000 --out " + out).split(" ")))
                .isZero();

        assertThat(text()).contains("-ELBO").contains("report.html");
        assertThat(Files.readString(out.resolve("report.html"))).contains("-ELBO", "data:image/png;base64,");
        for (String picture :
                List.of("samples", "map", "manifold", "traversals", "interpolations", "mixture-samples")) {
            assertThat(out.resolve(picture + ".png")).isNotEmptyFile();
        }
        assertThat(out.toFile().list((directory, name) -> name.endsWith(".png")))
                .hasSizeGreaterThanOrEqualTo(pictures);
    }

    @ParameterizedTest
    @CsvSource({
        "winner-take-all --classifier-epochs 1, dead feature maps, 3",
        "quantized --prior-epochs 1, bits per image, 4",
        "denoising --noise masking, denoising autoencoder, 3",
        "inpainting, filled in by the autoencoder, 1",
        "super-resolution, bicubic, 2",
        "score-field, after 2000 steps, 2",
        "contractive, norm of the Jacobian, 8",
        "boltzmann, pseudo-likelihood, 3",
        "layerwise, 'layer by layer, then joint', 1",
        "adversarial, p-value, 3",
        "concrete --k 5, mean-max probability, 3",
        "embedding --images 300, UMAP, 4",
        "'mdl --code-sizes 2,5 --quantized-images 50', code size of the shortest description, 2",
        "'rate-distortion --rate-weights 0.002,0.02 --test-images 200', single images, 3",
        "anomaly-digits, share of normal test images, 8"
    })
    void example_writesFiguresAndPictures(String example, String figure, int pictures) {
        assertThat(run((example + " --epochs 1 --train-images 2000 --out " + out).split(" ")))
                .isZero();

        assertThat(text()).contains(figure).contains("report.html");
        assertThat(out.toFile().list((directory, name) -> name.endsWith(".png")))
                .hasSizeGreaterThanOrEqualTo(pictures);
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--task numbers", "--task dates", "--words --pairs"})
    void translate_writesExamplesAndAttention(String task) throws IOException {
        Path file = out.resolve("pairs.tsv");
        Files.createDirectories(out);
        Files.writeString(file, "the cat\tle chat\nthe dog\tle chien\n".repeat(40));
        String pairs = task.endsWith("--pairs") ? task + " " + file : task;
        String arguments = "translate --examples 20 --test-examples 8 --hidden 8 --epochs 1 --out " + out + " ";

        assertThat(run((arguments + pairs).split(" "))).isZero();

        assertThat(text()).contains("beam of 4", "greedy");
        assertThat(Files.readString(out.resolve("report.html"))).contains("<math", "BLEU");
        assertThat(out.resolve("attention.png")).isNotEmptyFile();
        assertThat(out.resolve("model.zip")).isNotEmptyFile();
    }

    @Test
    void molecules_writesFormulas() throws IOException {
        Path file = out.resolve("molecules.smi");
        Files.createDirectories(out);
        Files.writeString(
                file,
                Stream.of("C", "CC", "CCC", "c1ccccc1", "CCCl", "Cc1ccccc1", "C1CC1", "CC(=O)O")
                        .flatMap(smiles -> Stream.of(smiles + "O", smiles + "N", smiles + "C"))
                        .collect(Collectors.joining("\n")));
        String arguments = "molecules --molecules " + file + " --test-molecules 4 --samples 20 --hidden 8 --code 4"
                + " --epochs 2 --out " + out;

        assertThat(run(arguments.split(" "))).isZero();

        assertThat(text()).contains("without rules", "with the rules of SMILES", "mean logP");
        assertThat(Files.readString(out.resolve("report.html"))).contains("<math", "novel");
        assertThat(out.resolve("changed.png")).isNotEmptyFile();
        assertThat(out.resolve("model.zip")).isNotEmptyFile();
    }

    @Test
    void selectColumns_findsTheInformativeColumns() throws IOException {
        assertThat(run("select-columns", "--restarts", "1", "--out", out.toString()))
                .isZero();

        String informative = text().lines()
                .filter(line -> line.contains("informative"))
                .findFirst()
                .orElseThrow();
        String greedy = text().lines()
                .filter(line -> line.startsWith("  greedy"))
                .findFirst()
                .orElseThrow();
        assertThat(greedy.substring(greedy.indexOf('c')).split(" "))
                .containsExactlyInAnyOrder(informative
                        .substring(informative.lastIndexOf("  "))
                        .strip()
                        .split(" "));
        assertThat(out).isDirectoryContaining("glob:**transform-process.json").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void tableVae_fillsGapsAndGeneratesRows() {
        assertThat(run("table-vae", "--steps", "1500", "--classify", "kind", "--out", out.toString()))
                .isZero();

        List<String> area = Stream.of(line("  area ").split("  +")).toList();
        assertThat(Double.parseDouble(area.get(2)))
                .as("mean absolute error of hidden areas")
                .isLessThan(0.7 * Double.parseDouble(area.get(3)));
        assertThat(figure("accuracy on real test rows, trained on generated rows"))
                .isGreaterThan(figure("share of the most frequent class") + 0.3);
        assertThat(out)
                .isDirectoryContaining("glob:**generated.csv")
                .isDirectoryContaining("glob:**schema.json")
                .isDirectoryContaining("glob:**columns.png")
                .isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void timeVae_generatesAndForecasts_andResumesItsCheckpoint() {
        assertThat(run("timevae", "--epochs", "2", "--out", out.toString())).isZero();

        String score = line("  discriminative score");
        assertThat(figure("forecast error, TimeVAE")).isBetween(0.05, 0.5);
        assertThat(figure("imputation error, TimeVAE")).isBetween(0.05, 0.5);
        for (String picture : List.of("real", "generated", "parts", "forecast", "pca", "umap")) {
            assertThat(out.resolve(picture + ".png")).isNotEmptyFile();
        }
        assertThat(out).isDirectoryContaining("glob:**model.zip").isDirectoryNotContaining("glob:**.part");

        assertThat(run("timevae", "--epochs", "2", "--resume", "--out", out.toString()))
                .isZero();
        assertThat(line("  discriminative score")).isEqualTo(score);
    }

    @Test
    void denoiseAudio_gainsDecibels_andWritesSounds() {
        assertThat(run("denoise-audio", "--epochs", "1", "--out", out.toString()))
                .isZero();

        assertThat(text()).contains("chirps, denoising autoencoder", "speech-like, Wiener filter", "at 5 dB");
        for (String sound : List.of("clean", "noisy", "denoising-autoencoder", "Wiener-filter")) {
            assertThat(out.resolve(sound + ".wav")).isNotEmptyFile();
        }
        assertThat(out.resolve("signal.png")).isNotEmptyFile();
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void anomalySensors_findsMoreThanTheZScore_andListsEvents() {
        assertThat(run("anomaly-sensors", "--epochs", "3", "--out", out.toString()))
                .isZero();

        assertThat(averagePrecision("  convolutional"))
                .as("average precision")
                .isGreaterThan(averagePrecision("  z-score of channels") + 0.1);
        assertThat(text()).contains("VUS-PR", "known fault", "threshold of the score");
        assertThat(out)
                .isDirectoryContaining("glob:**report.html")
                .isDirectoryContaining("glob:**timeline.png")
                .isDirectoryNotContaining("glob:**.part");
    }

    private double averagePrecision(String method) {
        return text().lines()
                .filter(line -> line.matches(method + " +0[.].*"))
                .mapToDouble(line -> Double.parseDouble(
                        line.substring(method.length()).strip().substring(0, 5)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anomalyTable_findsPlantedFaults_andSaysWhy() throws IOException {
        assertThat(run("anomaly-table", "--out", out.toString())).isZero();

        assertThat(figure("area under the ROC curve")).isGreaterThan(0.9);
        assertThat(line("  normal rows that raise a false alarm")).contains("1.0 % asked for", "99 % confidence");
        assertThat(text()).containsPattern("yes .* temperature C 25, expected \\d\\d\\.\\d \\(\\d\\d %\\)");
        List<String> scores = Files.readAllLines(out.resolve("scores.csv"));
        assertThat(scores).hasSize(501).first().isEqualTo("row,score,probability,alarm,why");
        assertThat(scores.stream().filter(row -> row.contains(",yes,")).count())
                .isEqualTo((long) figure("alarms"))
                .isPositive();
        AnomalyDetector detector = AnomalyDetector.load(out.resolve("detector.zip"));
        double[] loaded = detector.score(detector.schema().read(out.resolve("new.csv")));
        for (String row : scores.subList(1, 501)) {
            String[] cells = row.split(",", 4);
            assertThat(Double.parseDouble(cells[1]))
                    .as("score of row %s", cells[0])
                    .isEqualTo(loaded[Integer.parseInt(cells[0]) - 1]);
        }
        for (String picture : List.of("scores", "roc", "precision-recall", "reliability")) {
            assertThat(out.resolve(picture + ".png")).isNotEmptyFile();
        }
        assertThat(Files.readString(out.resolve("report.html"))).contains("conclusion", "<math");
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    private String line(String beginning) {
        return text().lines()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void disentangle_printsTheScoresOfAllObjectives() {
        assertThat(run("disentangle", "--epochs", "1", "--train-images", "1000", "--out", out.toString()))
                .isZero();
        assertThat(text()).contains("beta-TC-VAE", "MIG", "SAP", "DCI-D", "FactorVAE", "betaVAE");
    }

    @Test
    void quickstart_afterThreeEpochs_isBetterThanPca() {
        run("--epochs", "3", "--out", out.toString());

        assertThat(figure("test error per image, k-sparse")).isLessThan(figure("test error per image, PCA"));
        assertThat(figure("active units per image")).isEqualTo(25);
    }

    @Test
    void linearAutoencoder_learnsTheSubspaceOfPca() {
        run("linear-pca", "--out", out.toString());

        assertThat(figure("ratio")).isBetween(0.99, 1.01);
        assertThat(figure("overlap of the subspaces")).isGreaterThan(0.97);
        assertThat(figure("components with variances")).isGreaterThan(10);
        assertThat(figure("smallest |cosine|")).isGreaterThan(0.95);
    }
}
