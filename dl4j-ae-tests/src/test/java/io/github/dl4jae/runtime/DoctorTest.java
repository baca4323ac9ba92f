package io.github.dl4jae.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class DoctorTest {

    private static final long GIBI = 1L << 30;
    private static final Set<String> AVX2 = Set.of("avx2", "fma");
    private static final Map<String, String> PASSIVE = Map.of("OMP_WAIT_POLICY", "PASSIVE");
    private static final List<String> YOUNG = List.of("-Xmn64m", "--enable-native-access=ALL-UNNAMED");

    private static Machine machine(List<String> options, int processors) {
        return new Machine("17", options, 2 * GIBI, 16 * GIBI, processors, AVX2);
    }

    private static Natives natives(String build, int blasThreads, Map<String, String> environment, boolean safe) {
        return new Natives(
                "CpuBackend", build, "OpenBLAS", "Haswell", blasThreads, 2, environment, Map.of(), safe, GIBI, GIBI);
    }

    private static final Natives GOOD = natives("linux-x86_64-avx2", 2, PASSIVE, true);

    /** The numbers depend on the machine; the bounds hold for anything between a toy and a cluster node. */
    @Test
    void examine_findsThisProcess_andMeasuresIt() {
        Diagnosis diagnosis = Doctor.examine(Duration.ofMillis(40));

        assertThat(diagnosis.machine().java()).startsWith(System.getProperty("java.runtime.version"));
        assertThat(diagnosis.machine().processors())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(diagnosis.machine().heapBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(diagnosis.natives().backend()).isEqualTo("CpuBackend");
        assertThat(diagnosis.natives().build()).contains("-");
        assertThat(diagnosis.natives().blas()).startsWith("OpenBLAS 0.3");
        assertThat(diagnosis.natives().kernel()).isNotEmpty();
        assertThat(diagnosis.natives().blasThreads()).isPositive();
        assertThat(diagnosis.natives().loopThreads()).isPositive();
        assertThat(diagnosis.natives().operandsProtected()).isTrue();
        assertThat(diagnosis.speed().gigaflops()).isBetween(0.1, 1e5);
        assertThat(diagnosis.speed().smallOperationMicros()).isBetween(0.05, 5000.0);
        assertThat(diagnosis.speed().largeOperationMicros()).isBetween(1.0, 1e6);
        assertThat(diagnosis.speed().stepMillis()).isBetween(0.05, 10_000.0);
        assertThat(diagnosis.toString())
                .contains("GFLOP/s")
                .contains(diagnosis.natives().kernel());
    }

    @Test
    void json_hasEveryComponent() throws IOException {
        Diagnosis diagnosis =
                new Diagnosis(machine(YOUNG, 3), GOOD, new Speed(1, 2.5, 3, 4), List.of("Rest.", "Say \"hello\"."));

        JsonNode json = new ObjectMapper().readTree(diagnosis.toJson());

        assertThat(names(json)).containsExactlyElementsOf(components(Diagnosis.class));
        assertThat(names(json.get("machine"))).containsExactlyElementsOf(components(Machine.class));
        assertThat(names(json.get("natives"))).containsExactlyElementsOf(components(Natives.class));
        assertThat(names(json.get("speed"))).containsExactlyElementsOf(components(Speed.class));
        assertThat(json.at("/machine/heapBytes").asLong()).isEqualTo(2 * GIBI);
        assertThat(json.at("/machine/features/1").asText()).isEqualTo("fma");
        assertThat(json.at("/natives/environment/OMP_WAIT_POLICY").asText()).isEqualTo("PASSIVE");
        assertThat(json.at("/natives/operandsProtected").asBoolean()).isTrue();
        assertThat(json.at("/speed/smallOperationMicros").asDouble()).isEqualTo(2.5);
        assertThat(json.at("/advice/1").asText()).isEqualTo("Say \"hello\".");
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    @Test
    void lengthOfMeasurements_notAboveZero_isRefused() {
        assertThatThrownBy(() -> Doctor.examine(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Doctor: each must be above 0, got PT0S; use 0.4 seconds");
        assertThatThrownBy(() -> Doctor.examine(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each must be given");
    }

    @Test
    void goodSettings_needNoAdvice() {
        assertThat(Advice.of(machine(YOUNG, 2), GOOD)).isEmpty();
    }

    @Test
    void unprotectedOperands_areReportedWithTheOptions() {
        assertThat(Advice.of(machine(YOUNG, 2), natives("linux-x86_64-avx2", 2, PASSIVE, false)))
                .singleElement()
                .asString()
                .endsWith("Add to the command line of Java: -XX:CompileCommand=quiet -XX:CompileCommand=exclude,"
                        + "org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner::exec");
    }

    @Test
    void unprotectedOperands_byTheProperty_areReportedWithTheProperty() {
        System.setProperty("dl4jae.runtime", "false");

        assertThat(Advice.of(machine(YOUNG, 2), natives("linux-x86_64-avx2", 2, PASSIVE, false)))
                .singleElement()
                .asString()
                .endsWith("Remove -Ddl4jae.runtime=false from the command line of Java.");
    }

    @Test
    void buildBelowTheProcessor_isReportedWithTheFasterOne() {
        assertThat(Advice.of(machine(YOUNG, 2), natives("linux-x86_64", 2, PASSIVE, true)))
                .singleElement()
                .asString()
                .contains("is linux-x86_64, but the processor can run linux-x86_64-avx2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-x86_64-onednn-avx2", "linux-x86_64-avx2", ""})
    void buildOfTheProcessor_orUnknown_isNotReported(String build) {
        assertThat(Advice.of(machine(YOUNG, 2), natives(build, 2, PASSIVE, true)))
                .isEmpty();
    }

    @Test
    void spinningThreads_areReported() {
        assertThat(Advice.of(machine(YOUNG, 2), natives("linux-x86_64-avx2", 2, Map.of(), true)))
                .singleElement()
                .asString()
                .contains("export OMP_WAIT_POLICY=PASSIVE");
    }

    @ParameterizedTest
    @CsvSource({"64, 2, true", "2, 2, false", "0, 2, false"})
    void moreBlasThreadsThanProcessors_areReported(int threads, int processors, boolean reported) {
        assertThat(Advice.of(machine(YOUNG, processors), natives("linux-x86_64-avx2", threads, PASSIVE, true))
                        .contains("BLAS has 64 threads on 2 processors. Before starting Java: export"
                                + " OMP_NUM_THREADS=2"))
                .isEqualTo(reported);
    }

    @Test
    void largeHeap_withoutASmallYoungGeneration_isReported() {
        assertThat(Advice.of(machine(List.of("--enable-native-access=ALL-UNNAMED"), 2), GOOD))
                .singleElement()
                .asString()
                .endsWith("-XX:+UseParallelGC -Xmn64m");
    }

    @Test
    void memoryAboveThatOfTheMachine_areReported() {
        Machine small = new Machine("17", YOUNG, GIBI, 3 * GIBI / 2, 2, AVX2);
        assertThat(Advice.of(small, GOOD))
                .singleElement()
                .asString()
                .startsWith("Heap and off-heap memory together can exceed the memory of the machine");
    }

    @Test
    void anotherBackend_getsNoAdviceForTheCpu() {
        Natives gpu = new Natives("JCublasBackend", "", "", "", 0, 2, Map.of(), Map.of(), false, GIBI, GIBI);
        assertThat(Advice.of(machine(YOUNG, 2), gpu))
                .containsExactly("The fast layers need ND4J's CPU backend. With JCublasBackend they take ND4J's"
                        + " operations.");
    }

    @Test
    void text_isAligned_andWrapsAdvice() {
        Natives natives = new Natives(
                "CpuBackend",
                "linux-x86_64-avx2",
                "OpenBLAS 0.3.31",
                "Haswell",
                2,
                2,
                Map.of("OMP_WAIT_POLICY", "PASSIVE", "OMP_NUM_THREADS", "2"),
                PASSIVE,
                true,
                3 * GIBI,
                0);
        String advice = "word ".repeat(30).strip();
        Diagnosis diagnosis =
                new Diagnosis(machine(YOUNG, 2), natives, new Speed(123.4, 1.25, 56.7, 4.567), List.of(advice));

        assertThat(diagnosis.toString().lines())
                .containsExactly(
                        "Java             17",
                        "Heap             at most 2.0 GiB",
                        "Off-heap memory  at most 3.0 GiB; process without a bound",
                        "Processors       2 (avx2 fma)",
                        "ND4J             CpuBackend, linux-x86_64-avx2",
                        "BLAS             OpenBLAS 0.3.31",
                        "BLAS kernel      Haswell",
                        "Threads          BLAS 2, ND4J's loops 2",
                        "Environment      OMP_NUM_THREADS=2, OMP_WAIT_POLICY=PASSIVE (by dl4j-ae)",
                        "Operands         protected",
                        "Products         123 GFLOP/s, 1024 × 1024 float32",
                        "Operations       1.3 µs on 4 × 3 values; sigmoid 57 µs on 128 × 784",
                        "Training step    4.57 ms, 784-256-784, 128 examples",
                        "",
                        "Advice",
                        "- " + "word ".repeat(20).strip(),
                        "  " + "word ".repeat(10).strip());
    }

    @Test
    void text_withoutAdvice_saysSo() {
        Natives unknown = new Natives("CpuBackend", "", "", "", 0, 2, Map.of(), Map.of(), false, 0, 0);
        assertThat(new Diagnosis(machine(YOUNG, 2), unknown, new Speed(1, 1, 1, 1), List.of()).toString())
                .contains("ND4J             CpuBackend, unknown")
                .contains("Threads          BLAS unknown, ND4J's loops 2")
                .contains("Environment      nothing set")
                .contains("Operands         not protected")
                .endsWith("No advice: the settings are those of docs/performance.md.");
    }

    @Test
    void components_areCopied_andNotNull() {
        List<String> options = new ArrayList<>(YOUNG);
        Machine machine = machine(options, 2);
        options.clear();
        assertThat(machine.options()).isEqualTo(YOUNG);
        assertThatThrownBy(() -> machine.features().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> GOOD.environment().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> new Diagnosis(machine, GOOD, null, List.of()))
                .hasMessage("Diagnosis: speed must be given, got null");
    }
}
