package io.github.dl4jae.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadSettingsTest {

    private static final Map<String, String> PASSIVE = Map.of("OMP_WAIT_POLICY", "PASSIVE");

    /** Returns variables and their values from {@code A=1 B=2}. */
    private static Map<String, String> environment(String variables) {
        return variables.isEmpty()
                ? Map.of()
                : Arrays.stream(variables.split(" "))
                        .map(variable -> variable.split("="))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 4, 4, OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0 OPENBLAS_THREAD_TIMEOUT=18",
        "OMP_WAIT_POLICY=ACTIVE, 4, 4, OPENBLAS_THREAD_TIMEOUT=18",
        "GOMP_SPINCOUNT=1000, 4, 4, OPENBLAS_THREAD_TIMEOUT=18",
        "OPENBLAS_THREAD_TIMEOUT=26, 4, 4, OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0",
        "OMP_WAIT_POLICY=PASSIVE OPENBLAS_THREAD_TIMEOUT=20, 2, 2, ''",
        "OMP_WAIT_POLICY=PASSIVE OPENBLAS_THREAD_TIMEOUT=20, 2, 64, OMP_NUM_THREADS=2",
        "OMP_WAIT_POLICY=PASSIVE OPENBLAS_THREAD_TIMEOUT=20, 2, 0, ''",
        "OMP_WAIT_POLICY=PASSIVE OPENBLAS_THREAD_TIMEOUT=20 OMP_NUM_THREADS=8, 2, 64, ''",
        "OMP_WAIT_POLICY=PASSIVE OPENBLAS_THREAD_TIMEOUT=20 OPENBLAS_NUM_THREADS=8, 2, 64, ''",
    })
    void variablesToSet_areThoseThatTheUserHasNotSet(String set, int processors, int ofTheMachine, String missing) {
        assertThat(ThreadSettings.missing(environment(set), processors, ofTheMachine))
                .isEqualTo(environment(missing));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "OMP_WAIT_POLICY=ACTIVE",
                "GOMP_SPINCOUNT=1000",
                "OMP_NUM_THREADS=4 OPENBLAS_NUM_THREADS=2",
                "OPENBLAS_THREAD_TIMEOUT=18"
            })
    void threadsThatSpin_areWarnedOfWithWhatToExport(String set) {
        assertThat(ThreadSettings.warning(environment(set), 8, ""))
                .contains("Training can be several times slower than necessary: threads of ND4J and OpenBLAS spin while"
                        + " they wait for each other. Before starting Java: export OMP_WAIT_POLICY=PASSIVE"
                        + " GOMP_SPINCOUNT=0 OPENBLAS_THREAD_TIMEOUT=18 (see docs/performance.md)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OMP_WAIT_POLICY=PASSIVE",
                "OMP_WAIT_POLICY=passive",
                "GOMP_SPINCOUNT=0",
                "OMP_NUM_THREADS=1",
                "OPENBLAS_NUM_THREADS=1"
            })
    void threadsThatSleepOrAreAlone_areNotWarnedOf(String set) {
        assertThat(ThreadSettings.warning(environment(set), 8, "-avx512")).isEmpty();
    }

    @Test
    void oneProcessor_hasNothingToSpinFor() {
        assertThat(ThreadSettings.warning(Map.of(), 1, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS"})
    void moreThreadsThanProcessors_areWarnedOf(String name) {
        assertThat(ThreadSettings.warning(Map.of(name, "16", "GOMP_SPINCOUNT", "0"), 2, ""))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .contains(name + " is 16 on 2 processors")
                        .contains("Before starting Java: export " + name + "=2 (see"));
    }

    @ParameterizedTest
    @CsvSource({"2", "many", "-1", "''"})
    void numberOfThreads_thatFitsOrIsNone_isNotWarnedOf(String threads) {
        assertThat(ThreadSettings.warning(Map.of("OMP_NUM_THREADS", threads, "GOMP_SPINCOUNT", "0"), 2, ""))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Haswell, -avx512", "ZEN, -avx512", "Prescott, -avx2", "Nehalem, -avx512"})
    void kernelOfOlderProcessors_isWarnedOf(String kernel, String extension) {
        Map<String, String> environment = new HashMap<>(PASSIVE);
        environment.put("OPENBLAS_CORETYPE", kernel);
        assertThat(ThreadSettings.warning(environment, 8, extension)).hasValueSatisfying(warning -> assertThat(warning)
                .contains("OPENBLAS_CORETYPE=" + kernel + " selects a slow kernel for this processor")
                .contains("Before starting Java: unset OPENBLAS_CORETYPE (see"));
    }

    @ParameterizedTest
    @CsvSource({"SkylakeX, -avx512", "cooperlake, -avx512", "Zen, -avx2", "Haswell, -avx2", "Prescott, ''", "'', -avx2"
    })
    void kernelOfTheProcessor_isNotWarnedOf(String kernel, String extension) {
        Map<String, String> environment = new HashMap<>(PASSIVE);
        environment.put("OPENBLAS_CORETYPE", kernel);
        assertThat(ThreadSettings.warning(environment, 8, extension)).isEmpty();
    }

    @Test
    void severalSettings_areOneWarning_withOneLineForTheShell() {
        assertThat(ThreadSettings.warning(
                        Map.of("OPENBLAS_CORETYPE", "Prescott", "OMP_NUM_THREADS", "64"), 4, "-avx512"))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .endsWith("Before starting Java: export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0"
                                + " OPENBLAS_THREAD_TIMEOUT=18 OMP_NUM_THREADS=4; unset OPENBLAS_CORETYPE"
                                + " (see docs/performance.md)"));
    }
}
