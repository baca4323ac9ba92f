package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
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
        "concrete2019, '--images 1000 --k 5', 'greedy column selection'"
    })
    void layerwiseReproduction_printsPublishedAndMeasured(String what, String settings, String figure) {
        assertThat(reproduce(what, "--train-images 2000 " + settings)).isZero();

        assertThat(text()).contains("published", figure, "seed", "42");
    }

    @Test
    void oneClass_tellsOneDigit_fromTheOthers() {
        assertThat(reproduce("oneclass", "--train-images 2000 --classes 4 --models dense,pca,forest"))
                .isZero();

        for (String score : List.of("dense autoencoder, squared", "dense autoencoder, error and", "PCA", "random")) {
            List<String> cells = Stream.of(text().lines()
                            .filter(line -> line.startsWith("  " + score))
                            .findFirst()
                            .orElseThrow()
                            .split("   +"))
                    .toList();
            assertThat(Double.parseDouble(cells.get(2))).as(score).isBetween(60.0, 100.0);
            assertThat(cells.get(1)).isEqualTo(cells.get(2));
        }
        assertThat(text()).contains("class 4, PCA");
    }
}
