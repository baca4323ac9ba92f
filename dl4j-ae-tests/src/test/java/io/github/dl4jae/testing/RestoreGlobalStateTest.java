package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.enums.DebugMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

@SuppressWarnings("deprecation") // ND4J has no other reader of its profiling mode
class RestoreGlobalStateTest {

    /** Global state as one value: two of them are equal where nothing was changed. */
    private record Globals(
            DataType type,
            DataType floatingPointType,
            long rootState,
            long nodeState,
            OpExecutioner.ProfilingMode mode,
            ProfilerConfig profiling,
            DebugMode workspaces,
            String download,
            String added) {

        static Globals now() {
            return new Globals(
                    Nd4j.dataType(),
                    Nd4j.defaultFloatingPointType(),
                    Nd4j.getRandom().rootState(),
                    Nd4j.getRandom().nodeState(),
                    Nd4j.getExecutioner().getProfilingMode(),
                    OpProfiler.getInstance().getConfig(),
                    Nd4j.getWorkspaceManager().getDebugMode(),
                    System.getProperty("dl4jae.download"),
                    System.getProperty("dl4jae.added"));
        }

        static void change() {
            Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
            Nd4j.getRandom().setSeed(17);
            Nd4j.getExecutioner().setProfilingMode(OpExecutioner.ProfilingMode.ANY_PANIC);
            Nd4j.getWorkspaceManager().setDebugMode(DebugMode.SPILL_EVERYTHING);
            System.setProperty("dl4jae.download", "changed");
            System.setProperty("dl4jae.added", "added");
        }
    }

    /** Not found by its name: only the tests below run it. */
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class ChangesAll {

        @Test
        @Order(1)
        void changesAll_andFails() {
            Globals.change();
            throw new AssertionError("on purpose");
        }

        @Test
        @Order(2)
        void next_seesTheDefaults() {
            assertThat(Nd4j.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(System.getProperty("dl4jae.added")).isNull();
        }
    }

    private static TestExecutionSummary run(Class<?> tests) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .build(),
                        summary);
        return summary.getSummary();
    }

    @Test
    void testThatChangesAll_andFails_leavesNothingBehind() {
        Globals before = Globals.now();

        TestExecutionSummary summary = run(ChangesAll.class);

        assertThat(summary.getFailures()).singleElement().satisfies(failure -> assertThat(failure.getException())
                .hasMessage("on purpose"));
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(Globals.now()).isEqualTo(before);
    }

    @Test
    void stateThatIsNotRestored_isSeen() {
        Globals before = Globals.now();

        Globals.change();

        Globals after = Globals.now();
        assertThat(after.type()).isNotEqualTo(before.type());
        assertThat(after.floatingPointType()).isNotEqualTo(before.floatingPointType());
        assertThat(after.rootState()).isNotEqualTo(before.rootState());
        assertThat(after.mode()).isNotEqualTo(before.mode());
        assertThat(after.profiling()).isNotEqualTo(before.profiling());
        assertThat(after.workspaces()).isNotEqualTo(before.workspaces());
        assertThat(after.download()).isNotEqualTo(before.download());
        assertThat(after.added()).isNotEqualTo(before.added());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @DefaultType(DataType.DOUBLE)
    void defaultType_isThatOfTheAnnotation(int run) {
        assertThat(Nd4j.dataType()).isEqualTo(DataType.DOUBLE);
        assertThat(Nd4j.defaultFloatingPointType()).isEqualTo(DataType.DOUBLE);
        INDArray array = Nd4j.create(run);
        assertThat(array.dataType()).isEqualTo(DataType.DOUBLE);
    }

    @Test
    void defaultType_withoutAnAnnotation_isFloat32() {
        assertThat(Nd4j.dataType()).isEqualTo(DataType.FLOAT);
    }
}
