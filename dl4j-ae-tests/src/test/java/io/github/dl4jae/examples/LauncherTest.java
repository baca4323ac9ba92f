package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@Tag("slow")
class LauncherTest {

    @TempDir
    Path out;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream console = System.out;
    private final PrintStream errors = System.err;

    @BeforeEach
    void listen() {
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void stopListening() {
        System.setOut(console);
        System.setErr(errors);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private int run(String... arguments) {
        return Launcher.run(arguments);
    }

    @Test
    void help_listsTheExamples() {
        assertThat(run("--help")).isZero();
        assertThat(text()).contains("Without a name, quickstart is run");
        List<String> names = text().lines()
                .filter(line -> line.matches("  \\S.*")) // descriptions are further in
                .map(line -> line.strip().replaceFirst(" .*", ""))
                .toList();
        assertThat(names)
                .contains(
                        "quickstart",
                        "kl-sparse",
                        "undercomplete",
                        "linear-pca",
                        "vae",
                        "beta-vae",
                        "conv-vae",
                        "conditional-vae",
                        "iwae",
                        "disentangle",
                        "denoising",
                        "inpainting",
                        "super-resolution",
                        "score-field",
                        "contractive",
                        "boltzmann",
                        "layerwise",
                        "concrete",
                        "select-columns",
                        "embedding",
                        "reproduce");
    }

    @Test
    void helpOfAnExample_listsTheSharedOptions() {
        assertThat(run("quickstart", "--help")).isZero();
        assertThat(text())
                .contains(
                        "--data", "--data-dir", "--train-images", "--epochs", "--seed", "--out", "--resume", "--help");
    }

    @Test
    void unknownExample_isRefused() {
        assertThat(run("quickstrat")).isEqualTo(2);
        assertThat(text()).contains("quickstrat").contains("quickstart");
    }

    @Test
    void unknownData_isRefusedWithTheNames() {
        assertThat(run("--data", "cifar")).isEqualTo(2);
        assertThat(text()).contains("must be one of digits, mnist, fashion-mnist, got 'cifar'");
    }

    @Test
    void missingData_isOneClearMessage() {
        assertThat(run("--data", "mnist", "--data-dir", out.toString())).isEqualTo(1);
        assertThat(text()).contains("train-images-idx3-ubyte.gz").doesNotContain("\tat ");
    }

    @Test
    void epochs_belowOne_areRefused() {
        assertThat(run("--epochs", "0", "--out", out.toString())).isEqualTo(1);
        assertThat(text()).contains("--epochs must be at least 1, got 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "kl-sparse", "undercomplete", "linear-pca"})
    void example_leavesPicturesAndASelfContainedReport(String example) throws IOException {
        assertThat(run(example, "--epochs", "1", "--out", out.toString())).isZero();

        assertThat(text()).contains("test error").contains("report.html");
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report)
                .contains("<h1>", "test error", "data:image/png;base64,")
                .doesNotContain("src=\"http", "<script", "href=");
        assertThat(out).isDirectoryContaining("glob:**curve.csv").isDirectoryContaining("glob:**best.zip");
        assertThat(out.toFile().list((directory, name) -> name.endsWith(".png")))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @CsvSource({
        "vae --likelihood-samples 20, 8",
        "beta-vae, 7",
        "conv-vae, 7",
        "conditional-vae, 9",
        "iwae --likelihood-samples 20, 7"
    })
    void variationalExample_leavesSamplesAndMaps(String example, int pictures) throws IOException {
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
    @ValueSource(strings = {"vae", "iwae"})
    void reproduction_printsPublishedAndMeasured(String what) {
        assertThat(run(
                        "reproduce",
                        what,
                        "--data",
                        "digits",
                        "--epochs",
                        "1",
                        "--likelihood-samples",
                        "20",
                        "--test-images",
                        "100",
                        "--out",
                        out.toString()))
                .isZero();
        assertThat(text()).contains(what.equals("vae") ? "86.76" : "85.54", "measured -ln p(x)", "seed", "42");
        assertThat(figure("measured -ln p(x)")).isBetween(100.0, 300.0);
    }

    @Test
    void reproduction_ofSomethingElse_isRefused() {
        assertThat(run("reproduce", "gan", "--out", out.toString())).isEqualTo(2);
        assertThat(text()).contains("gan");
        assertThat(run("reproduce")).isEqualTo(2);
        assertThat(text()).contains("reproduce: WHAT must be one of [vae, iwae, hinton2006");
    }

    @ParameterizedTest
    @CsvSource({
        "denoising --noise masking, denoising autoencoder, 3",
        "inpainting, filled in by the autoencoder, 1",
        "super-resolution, bicubic, 2",
        "score-field, after 2000 steps, 2",
        "contractive, norm of the Jacobian, 8",
        "boltzmann, pseudo-likelihood, 3",
        "layerwise, 'layer by layer, then joint', 1",
        "concrete --k 5, mean-max probability, 3",
        "embedding --images 300, UMAP, 4"
    })
    void example_leavesFiguresAndPictures(String example, String figure, int pictures) {
        assertThat(run((example + " --epochs 1 --train-images 2000 --out " + out).split(" ")))
                .isZero();

        assertThat(text()).contains(figure).contains("report.html");
        assertThat(out.toFile().list((directory, name) -> name.endsWith(".png")))
                .hasSizeGreaterThanOrEqualTo(pictures);
        assertThat(out).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void selectColumns_findsThoseThatAreInformative() throws IOException {
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
                .containsExactlyInAnyOrder(
                        informative.substring(informative.indexOf(" c")).strip().split(" "));
        assertThat(out).isDirectoryContaining("glob:**transform-process.json").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void selectColumns_ofAFileThatIsNotThere_isOneClearMessage() {
        assertThat(run("select-columns", "--csv", out.resolve("none.csv").toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("none.csv must be a file, got nothing there")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "hinton2006, '--pretraining-epochs 1', 'measured test error'",
        "contractive2011, '--units 50', 'DAE, Gaussian'",
        "ksparse2013, '--k 25', 'k = 25'",
        "stacked2010, '--units 50', 'measured SDAE-3, 0.25 masked'",
        "concrete2019, '--images 1000 --k 5', 'greedy column selection'"
    })
    void layerwiseReproduction_printsPublishedAndMeasured(String what, String settings, String figure) {
        List<String> arguments = new ArrayList<>(List.of(
                "reproduce",
                what,
                "--data",
                "digits",
                "--epochs",
                "1",
                "--train-images",
                "2000",
                "--out",
                out.toString()));
        arguments.addAll(List.of(settings.split(" ")));

        assertThat(run(arguments.toArray(String[]::new))).isZero();

        assertThat(text()).contains("published", figure, "seed", "42");
    }

    @Test
    void disentangle_printsTheScoresOfAllObjectives() {
        assertThat(run("disentangle", "--epochs", "1", "--train-images", "2000", "--out", out.toString()))
                .isZero();
        assertThat(text()).contains("beta-TC-VAE", "MIG", "SAP", "DCI-D", "FactorVAE", "betaVAE");
    }

    @Test
    void killedRun_resumed_endsLikeOneThatWasLeftAlone() throws IOException, InterruptedException {
        Path whole = out.resolve("whole");
        Path killed = out.resolve("killed");
        run("--epochs", "3", "--out", whole.toString());
        killAfterTheFirstEpoch("--epochs", "3", "--out", killed.toString());

        assertThat(run("--epochs", "3", "--out", killed.toString(), "--resume")).isZero();

        assertThat(text()).containsPattern("Continuing after epoch [12]");
        assertThat(parameters(killed).equalsWithEps(parameters(whole), 1e-5)).isTrue();
    }

    /** Runs quickstart in a process of its own, and ends that without notice once there is a checkpoint. */
    private static void killAfterTheFirstEpoch(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.bytedeco.javacpp.maxbytes=2g",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Launcher.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path checkpoint = Path.of(arguments[arguments.length - 1], "checkpoint.zip");
        while (process.isAlive() && !Files.exists(checkpoint)) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly().waitFor();
    }

    private static INDArray parameters(Path directory) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(
                        directory.resolve("checkpoint.zip").toFile())
                .params();
    }

    private double figure(String name) {
        return text().lines()
                .filter(line -> line.strip().startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void quickstart_afterThreeEpochs_isBetterThanPca() {
        run("--epochs", "3", "--out", out.toString());

        assertThat(figure("test error, k-sparse")).isLessThan(figure("test error, PCA"));
        assertThat(figure("active units per image")).isEqualTo(25);
    }

    @Test
    void linearAutoencoder_findsWhatPcaFinds() {
        run("linear-pca", "--out", out.toString());

        assertThat(figure("ratio")).isBetween(0.99, 1.01);
        assertThat(figure("shared part of the subspaces")).isGreaterThan(0.97);
        assertThat(figure("components with variances")).isGreaterThan(10);
        assertThat(figure("smallest |cosine|")).isGreaterThan(0.95);
    }

    @Test
    void resume_withoutACheckpoint_isRefused() {
        assertThat(run("--resume", "--out", out.toString())).isEqualTo(1);
        assertThat(text()).contains("--resume: there must be a checkpoint to continue, got none");
    }

    @Test
    void resume_withAnotherSeed_isRefused() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(run("linear-pca", "--epochs", "2", "--seed", "7", "--resume", "--out", out.toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("must be of the same example, data, seed and options")
                .contains("(--seed 42 there, 7 here)");
    }

    @Test
    void outputDirectory_thatCannotBeWritten_isRefusedBeforeTraining() throws IOException {
        Path file = Files.createFile(out.resolve("file"));

        assertThat(run("linear-pca", "--epochs", "1", "--out", file.resolve("x").toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("--out must be a directory that can be written, got " + file)
                .doesNotContain("\tat ")
                .doesNotContain("Training on");
    }

    @Test
    void resume_withFewerImages_isRefused() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(run("linear-pca", "--epochs", "2", "--train-images", "1000", "--resume", "--out", out.toString()))
                .isEqualTo(1);
        assertThat(text()).contains("must be of the same example, data, seed and options");
    }

    @Test
    void resume_withAnotherObjective_isRefused() {
        run("beta-vae", "--epochs", "1", "--train-images", "1000", "--out", out.toString());

        assertThat(run(
                        "beta-vae",
                        "--beta",
                        "8",
                        "--epochs",
                        "2",
                        "--train-images",
                        "1000",
                        "--resume",
                        "--out",
                        out.toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("must be of the same example, data, seed and options")
                .contains("(--beta 4.0 there, 8.0 here)");
    }

    /** Of two networks, the second had not begun when the run was killed. */
    @Test
    void resume_ofSeveralTrainings_beginsThoseThatHadNotBegun() throws IOException {
        String few = "iwae --epochs 1 --train-images 2000 --likelihood-samples 20 --out " + out;
        run(few.split(" "));
        Files.delete(out.resolve("checkpoint.zip"));

        assertThat(run((few + " --resume").split(" "))).isZero();
        assertThat(text()).contains("Continuing after epoch 1");
    }

    @Test
    void secondRun_keepsTheCheckpointOfTheFirst() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(out).isDirectoryContaining("glob:**checkpoint.previous.zip");
    }

    @ParameterizedTest
    @CsvSource({
        "'sse2 avx', ''",
        "'avx2', ''",
        "'avx2 fma', -avx2",
        "'avx2 fma avx512f', -avx2",
        "'avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl', -avx512"
    })
    void nativeBuild_isTheFastestThatTheFlagsAllow(String flags, String extension) {
        assertThat(NativeBuild.extension(Set.copyOf(List.of(flags.split(" "))))).isEqualTo(extension);
    }

    @Test
    void nativeBuild_thatTheUserChose_isLeftAlone() {
        String before = System.getProperty(NativeBuild.PROPERTY);
        try {
            System.setProperty(NativeBuild.PROPERTY, "-chosen");
            NativeBuild.select();
            assertThat(System.getProperty(NativeBuild.PROPERTY)).isEqualTo("-chosen");
        } finally {
            System.setProperty(NativeBuild.PROPERTY, before);
        }
    }
}
