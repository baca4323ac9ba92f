package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadSettingsCornersTest {

    @Test
    void threadsThatSpin_areWarnedOfWithWhatToExport() {
        assertThat(ThreadSettings.warning(Map.of(), 2)).hasValueSatisfying(warning -> assertThat(warning)
                .contains("several times slower")
                .contains("export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0 OPENBLAS_THREAD_TIMEOUT=18"));
        assertThat(ThreadSettings.warning(Map.of("OMP_WAIT_POLICY", "ACTIVE"), 8))
                .isPresent();
        assertThat(ThreadSettings.warning(Map.of("GOMP_SPINCOUNT", "1000"), 8)).isPresent();
        assertThat(ThreadSettings.warning(Map.of("OMP_NUM_THREADS", "4", "OPENBLAS_NUM_THREADS", "2"), 8))
                .isPresent();
        assertThat(ThreadSettings.warning(Map.of("OPENBLAS_THREAD_TIMEOUT", "18"), 8))
                .isPresent();
    }

    @Test
    void threadsThatSleepOrAreAlone_areNotWarnedOf() {
        assertThat(ThreadSettings.warning(Map.of("OMP_WAIT_POLICY", "PASSIVE"), 8))
                .isEmpty();
        assertThat(ThreadSettings.warning(Map.of("OMP_WAIT_POLICY", "passive"), 8))
                .isEmpty();
        assertThat(ThreadSettings.warning(Map.of("GOMP_SPINCOUNT", "0"), 8)).isEmpty();
        assertThat(ThreadSettings.warning(Map.of("OMP_NUM_THREADS", "1"), 8)).isEmpty();
        assertThat(ThreadSettings.warning(Map.of("OPENBLAS_NUM_THREADS", "1"), 8))
                .isEmpty();
        assertThat(ThreadSettings.warning(Map.of(), 1)).isEmpty();
    }
}
