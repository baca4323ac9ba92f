package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherHelpTest extends LauncherRun {

    @Test
    void help_listsTheExamples() {
        assertThat(run("--help")).isZero();
        assertThat(text()).containsIgnoringWhitespaces("Runs quickstart if no name is given.");
        List<String> names = text().lines()
                .filter(line -> line.matches("  \\S.*")) // descriptions are indented further
                .map(line -> line.strip().replaceFirst(" .*", ""))
                .toList();
        assertThat(names)
                .contains(
                        "quickstart",
                        "kl-sparse",
                        "winner-take-all",
                        "undercomplete",
                        "linear-pca",
                        "vae",
                        "beta-vae",
                        "conv-vae",
                        "quantized",
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
                        "table-vae",
                        "timevae",
                        "denoise-audio",
                        "anomaly-sensors",
                        "anomaly-table",
                        "embedding",
                        "anomaly-digits",
                        "mdl",
                        "rate-distortion",
                        "reproduce",
                        "doctor",
                        "bench")
                .doesNotContain("bench-run");
    }

    @Test
    void helpOfAnExample_listsTheSharedOptions() {
        assertThat(run("quickstart", "--help")).isZero();
        assertThat(text())
                .contains(
                        "--data", "--data-dir", "--train-images", "--epochs", "--seed", "--out", "--resume", "--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vae",
                "iwae",
                "hinton2006",
                "contractive2011",
                "ksparse2013",
                "stacked2010",
                "concrete2019",
                "oneclass",
                "bbans",
                "aae"
            })
    void helpOfAReproduction_namesMnistAsDefault(String what) {
        assertThat(run("reproduce", what, "--help")).isZero();
        assertThat(text()).containsPattern("Default:\\s+mnist\\.");
    }

    @Test
    void helpOfAdbench_saysWhichRowsAreFitted() {
        assertThat(run("reproduce", "adbench", "--help")).isZero();
        assertThat(text()).containsIgnoringWhitespaces("semi: fit half of the normal rows, score all others");
    }

    @Test
    void unknownExample_isRefusedWithASuggestion() {
        assertThat(run("quickstrat")).isEqualTo(2);
        assertThat(text()).contains("quickstrat").contains("quickstart");
    }

    @Test
    void unknownReproduction_isRefused() {
        assertThat(run("reproduce", "gan", "--out", out.toString())).isEqualTo(2);
        assertThat(text()).contains("gan");
    }

    @Test
    void reproduction_withoutAName_isRefusedWithTheNames() {
        assertThat(run("reproduce")).isEqualTo(2);
        assertThat(text()).contains("reproduce: WHAT must be one of [vae, iwae, hinton2006");
    }
}
