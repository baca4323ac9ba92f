package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jae.data.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reproduction of a paper runs, at a small size. */
@Tag("slow")
class ReproductionRunsTest extends LauncherRun {

    /** Returns the exit status of one epoch on drawn digits. */
    private int reproduce(String what, String settings) {
        String arguments = "reproduce " + what + " --data digits --epochs 1 " + settings;
        return run(Stream.concat(Arrays.stream(arguments.split(" ")), Stream.of("--out", out.toString()))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vae", "iwae"})
    void reproduction_printsPublishedAndMeasured(String what) {
        assertThat(reproduce(what, "--likelihood-samples 20 --test-images 100")).isZero();
        assertThat(text()).contains(what.equals("vae") ? "86.76" : "85.54", "measured -ln p(x)", "seed", "42");
        assertThat(figure("measured -ln p(x)")).isBetween(100.0, 300.0);
    }

    @ParameterizedTest
    @CsvSource({
        "hinton2006, '--pretraining-epochs 1', 'measured test error'",
        "contractive2011, '--units 50', 'DAE, Gaussian'",
        "ksparse2013, '--k 25', 'k = 25'",
        "stacked2010, '--units 50', 'SDAE-3, 0.25 masked'",
        "bbans, '--test-images 20', 'decoded images are the same, binary   true'",
        "concrete2019, '--images 1000 --k 5', 'greedy column selection'"
    })
    void layerwiseReproduction_printsPublishedAndMeasured(String what, String settings, String figure) {
        assertThat(reproduce(what, "--train-images 2000 " + settings)).isZero();

        assertThat(text()).contains("published", figure, "seed", "42");
    }

    @Test
    void aae_printsPublishedAndMeasured() {
        String settings = "--train-images 2000 --hidden 50 --parzen-images 100 --parzen-samples 500 --labels 100";
        assertThat(reproduce("aae", settings)).isZero();

        assertThat(text()).contains("log-likelihood", "clustering error with 30 clusters", "error with 100 labels");
        assertThat(out).isDirectoryContaining("glob:**samples.png").isDirectoryContaining("glob:**clusters.png");
    }

    /** The two smallest tables whose areas are far above chance, by any method of scikit-learn. */
    @Test
    void adbench_findsAnomaliesOfPublicTables() throws IOException {
        assumeTrue(
                DataDirectory.isConfigured()
                        && Files.isDirectory(DataDirectory.find().path().resolve("adbench")),
                "needs the tables of ADBench");

        assertThat(run("reproduce", "adbench", "--tables", "42_WBC,4_breastw", "--out", out.toString()))
                .isZero();

        assertThat(text()).doesNotContain("quoted"); // means of other tables
        for (String table : new String[] {"42_WBC", "4_breastw"}) {
            // a line for each mode and figure: rows, columns, share of anomalies, and a figure for each method
            double[][] lines = text().lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(table + " "))
                    .map(line -> Arrays.stream(line.split(" +"))
                            .skip(1)
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
            assertThat(lines).hasDimensions(4, 8);
            for (int mode = 0; mode < 2; mode++) {
                assertThat(lines[mode * 2][3]).isBetween(0.9, 1.0); // detector, AUC-ROC
            }
            for (double[] line : lines) {
                assertThat(Arrays.stream(line).skip(3).allMatch(area -> area > 0 && area <= 1))
                        .isTrue();
            }
        }
        assertThat(Files.readString(out.resolve("report.html"))).contains("random cut forest", "<math", "42_WBC");
    }

    @Test
    void synthsae_listsWhatKindsFind_besideThePublishedFigures() throws IOException {
        String arguments = "reproduce synthsae --scale 0.0625 --steps 150 --batch 256 --rate 3e-3 --held-out 2000"
                + " --kinds matryoshka,top_k,l1 --out " + out;

        assertThat(run(arguments.split(" "))).isZero();

        assertThat(text()).contains("1024 sources in 48 dimensions, 256 units, L0 2", "0.879", "0.604");
        for (String kind : List.of("Matryoshka", "TopK", "L1")) {
            String found = text().lines()
                    .filter(line -> line.startsWith("  " + kind))
                    .findFirst()
                    .orElseThrow();
            double[] cells = Pattern.compile(" +")
                    .splitAsStream(found.substring(2 + kind.length()).strip())
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(cells).as(kind).hasSize(10);
            assertThat(cells[1]).as("MCC of " + kind).isBetween(0.4, 1.0);
        }
        assertThat(Files.readString(out.resolve("report.html"))).contains("<math", "MCC during training");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attention", "code"})
    void addition_printsPublishedAndMeasured(String decoder) throws IOException {
        String arguments =
                "reproduce addition --questions 2000 --decoder " + decoder + " --hidden 16 --epochs 2 --out " + out;

        assertThat(run(arguments.split(" "))).isZero();

        assertThat(text()).contains("published share of right digits", "seed", "42");
        assertThat(figure("share of right digits in %")).isBetween(0.0, 90.0);
        assertThat(Files.readString(out.resolve("report.html"))).contains("<math", "question");
        assertThat(out).isDirectoryContaining("glob:**model.zip").isDirectoryContaining("glob:**checkpoint.zip");
    }

    @Test
    void adbench_withoutTables_saysWhereTheyAre() {
        assertThat(run("reproduce", "adbench", "--data-dir", out.toString(), "--out", out.toString()))
                .isEqualTo(1);
        assertThat(text()).contains("must have tables, NAME.npz, got none", "github.com");
    }

    @Test
    void oneClass_tellsOneDigit_fromTheOthers() {
        assertThat(reproduce("oneclass", "--train-images 2000 --classes 4 --models dense,pca,forest"))
                .isZero();

        for (String score : List.of("dense autoencoder, squared", "dense autoencoder, error and", "PCA", "random")) {
            String found = text().lines()
                    .filter(line -> line.startsWith("  " + score))
                    .findFirst()
                    .orElseThrow();
            String[] cells = Pattern.compile("   +").splitAsStream(found).toArray(String[]::new);
            assertThat(Double.parseDouble(cells[2])).as(score).isBetween(60.0, 100.0);
            assertThat(cells[1]).isEqualTo(cells[2]);
        }
        assertThat(text()).contains("class 4, PCA");
    }
}
