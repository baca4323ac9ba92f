package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchSettingsTest {

    private static final Map<String, String> OUR_THREADS =
            Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "0", "OPENBLAS_THREAD_TIMEOUT", "18");

    @Test
    void environment_ofAContender_hasNoForeignNativeSettings() {
        Map<String, String> environment = new HashMap<>(OUR_THREADS);
        environment.putAll(Map.of("OPENBLAS_CORETYPE", "Haswell", "OPENBLAS_L2_SIZE", "512", "MKL_NUM_THREADS", "1"));
        environment.putAll(Map.of("OMP_NUM_THREADS", "2", "PATH", "/bin"));
        assertThat(Contender.foreignSettings(environment))
                .containsExactly("MKL_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

        Map<String, String> torch = new HashMap<>(environment);
        Contender.TORCH.prepare(torch);
        assertThat(torch).isEqualTo(Map.of("OMP_NUM_THREADS", "2", "PATH", "/bin"));

        Map<String, String> ours = new HashMap<>(environment);
        Contender.OURS.prepare(ours);
        torch.putAll(OUR_THREADS);
        assertThat(ours).isEqualTo(torch);
    }

    @Test
    void threadSettings_ofAnotherValue_areForeign() {
        assertThat(Contender.foreignSettings(Map.of("GOMP_SPINCOUNT", "100"))).containsExactly("GOMP_SPINCOUNT");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 2, 1.50 to 2.00", // a third of the threads' time, or one of two processors
        "1, 1, 4, 1.25 to 1.33",
        "3, 1, 4, 1.75 to 4.00",
        "2, 1, 2, 2.00",
        "1, 1, 1, 2.00",
        "0, 2, 2, 2.00",
        "0, 3, 4, 3.00"
    })
    void share_isThatOfThreadsOrProcessors(int busy, int together, int processors, String share) {
        assertThat(new Load(busy, together).share(processors)).isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "0, 0", "1, 2"})
    void load_outOfRange_isRefused(int busy, int together) {
        assertThatThrownBy(() -> new Load(busy, together))
                .hasMessageContaining("got " + busy + " and " + together + "; run bench twice for both");
    }

    @Test
    void plan_takesGivenValuesInPlaceOfItsOwn() {
        assertThat(BenchPlan.of(false, null, null, null)).isEqualTo(new BenchPlan(3, 6, 0.5, 6));
        assertThat(BenchPlan.of(true, null, 9, null)).isEqualTo(new BenchPlan(1, 9, 0.2, 2.5));
        assertThat(BenchPlan.of(false, 1, null, 2.0)).isEqualTo(new BenchPlan(1, 6, 2, 6));
        assertThatThrownBy(() -> BenchPlan.of(true, null, 0, null)).hasMessageContaining("got 1, 0 and 0.2");
    }

    @Test
    void measurement_isReadAsItIsPrinted() {
        Measurement measurement = Measurement.of(123.5, new double[] {5, 1, 2, 4});
        assertThat(measurement).isEqualTo(new Measurement(123.5, 3, 1, 3));
        assertThat(Measurement.parse(measurement.line())).isEqualTo(measurement);
        assertThat(Measurement.parse("measured NaN 3 1 3").peakMebibytes()).isNaN();
        assertThatThrownBy(() -> Measurement.parse("measured 1 2"))
                .hasMessage("bench: a measurement must have 4 numbers, got 2 in 'measured 1 2'");
    }
}
