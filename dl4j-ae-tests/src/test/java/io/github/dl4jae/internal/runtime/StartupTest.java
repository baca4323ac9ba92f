package io.github.dl4jae.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.sparse.TopKLayer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the library does to a process without any option. Each test starts one. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class StartupTest {

    private static final String METHOD = "NativeOpExecutioner.exec";

    /** Uses ND4J before anything of this library, often enough to be compiled, and prints the state of the process. */
    public static final class Program {
        public static void main(String[] arguments) throws JMException {
            INDArray x = Nd4j.zeros(DataType.FLOAT, 4, 3);
            INDArray row = Nd4j.ones(DataType.FLOAT, 1, 3);
            for (int i = 0; i < 5_000; i++) {
                x.addiRowVector(row);
            }
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                    .layer(new TopKLayer.Builder().k(2).build())
                    .layer(new OutputLayer.Builder()
                            .nIn(4)
                            .nOut(3)
                            .activation(new ActivationTopK(1))
                            .build())
                    .build());
            network.init();
            System.out.println("sum " + x.sumNumber());
            System.out.println("build " + NativeLibraries.build().orElse("none"));
            Stream.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT", "OMP_NUM_THREADS")
                    .forEach(name -> System.out.println(name + " " + nativeValue(name)));
            System.out.println("BLAS threads " + NativeLibraries.blasThreads().orElse(0));
            System.out.println("loop threads " + Nd4j.getEnvironment().maxThreads());
            List<String> methods = lines("compilerCodelist").toList();
            System.out.println("compiled "
                    + methods.stream().filter(method -> method.contains(METHOD)).count());
            System.out.println("directives "
                    + lines("compilerDirectivesPrint")
                            .filter(line -> line.contains(METHOD))
                            .count());
        }

        private static Stream<String> lines(String command) throws JMException {
            return String.valueOf(ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    command,
                                    new Object[0],
                                    new String[0]))
                    .lines();
        }

        private static String nativeValue(String variable) {
            Function getenv = NativeLibrary.getProcess().getFunction("getenv");
            return getenv.invokeString(new Object[] {variable}, false);
        }
    }

    private static List<String> run(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        return FreshJvm.run(environment, List.of(options), Program.class)
                .lines()
                .toList();
    }

    @Tag("slow")
    @Test
    void process_withoutOptions_isPrepared_beforeNd4jLoads() throws IOException, InterruptedException {
        String fastest = NativeBuild.fastest(
                        NativeBuild.extension(NativeBuild.processorFlags()), NativeBuild::isOnClassPath)
                .orElseThrow();

        assertThat(run(Map.of()))
                .containsExactly(
                        "sum 60000.0",
                        "build linux-x86_64" + fastest,
                        "OMP_WAIT_POLICY PASSIVE",
                        "GOMP_SPINCOUNT 0",
                        "OPENBLAS_THREAD_TIMEOUT 18",
                        "OMP_NUM_THREADS null",
                        "BLAS threads " + Runtime.getRuntime().availableProcessors(),
                        "loop threads " + Runtime.getRuntime().availableProcessors(),
                        "compiled 0",
                        "directives 1");
    }

    @Tag("slow")
    @Test
    void process_withThePropertyFalse_isLeftAlone_andCompilesTheMethods() throws IOException, InterruptedException {
        assertThat(run(Map.of(), "-Ddl4jae.runtime=false"))
                .contains("OMP_WAIT_POLICY null", "directives 0")
                .doesNotContain("compiled 0");
    }

    @Tag("slow")
    @Test
    void settingsOfTheUser_areKept() throws IOException, InterruptedException {
        assertThat(run(
                        Map.of("OMP_WAIT_POLICY", "PASSIVE", "OPENBLAS_THREAD_TIMEOUT", "20", "OMP_NUM_THREADS", "1"),
                        "-D" + NativeBuild.PROPERTY + "=",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=exclude,org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner::exec"))
                .containsExactly(
                        "sum 60000.0",
                        "build linux-x86_64",
                        "OMP_WAIT_POLICY PASSIVE",
                        "GOMP_SPINCOUNT null",
                        "OPENBLAS_THREAD_TIMEOUT 20",
                        "OMP_NUM_THREADS 1",
                        "BLAS threads 1",
                        "loop threads 1",
                        "compiled 0",
                        "directives 0");
    }

    @Tag("slow")
    @Test
    void processThatMayUseOneProcessor_getsOneThread() throws IOException, InterruptedException {
        assertThat(run(Map.of(), "-XX:ActiveProcessorCount=1"))
                .contains("BLAS threads 1", "loop threads 1", "compiled 0");
    }

    @Tag("slow")
    @Test
    void spinningThreads_thatTheUserAskedFor_areWarnedOfOnce() throws IOException, InterruptedException {
        assertThat(run(Map.of("OMP_WAIT_POLICY", "ACTIVE"), "-XX:ActiveProcessorCount=2"))
                .filteredOn(line -> line.contains("WARN"))
                .singleElement()
                .asString()
                .contains("Before starting Java: export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0");
    }

    @Tag("slow")
    @Test
    void protectionThatCannotBeInstalled_isWarnedOf_andTheProgramGoesOn(@TempDir Path directory)
            throws IOException, InterruptedException {
        assertThat(run(Map.of(), "-Djava.io.tmpdir=" + directory.resolve("missing")))
                .contains("sum 60000.0", "directives 0")
                .filteredOn(line -> line.contains("WARN"))
                .singleElement()
                .asString()
                .contains("the protection could not be installed")
                .endsWith("Start Java with " + OperandProtection.OPTIONS);
    }

    @Tag("slow")
    @Test
    void fileOfTheDirectives_isRemoved_alsoFromADirectoryWithSpaces(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("a b"));

        assertThat(run(Map.of(), "-Djava.io.tmpdir=" + temporary)).contains("compiled 0", "directives 1");
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(file -> file.toString().endsWith(".json"))).isEmpty();
        }
    }

    @Test
    void backend_isNeverAvailable_andRanksBelowAllOthers() {
        StartupBackend backend = new StartupBackend();
        assertThat(backend.getPriority()).isNegative();
        assertThat(backend.canRun()).isFalse();
        assertThatThrownBy(backend::isAvailable).hasMessageContaining("add one to the class path, such as");
    }
}
