package io.github.dl4jae.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
@EnabledOnOs(OS.LINUX)
class NativeExitTest {

    private static final int SIGTERM = 128 + 15;

    /** Multiplies for ever. Each product takes longer than the 0.3 seconds for which an exiting JVM waits. */
    public static final class Products {
        public static void main(String[] arguments) {
            int n = 3000 * Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
            INDArray a = Nd4j.zeros(DataType.FLOAT, n, n);
            INDArray b = Nd4j.zeros(DataType.FLOAT, n, n);
            INDArray c = Nd4j.create(DataType.FLOAT, new long[] {n, n}, 'f');
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            System.out.println("multiplying");
            while (true) {
                a.mmuli(b, c);
            }
        }
    }

    /** Prints and ends in one of several ways. */
    public static final class Ending {
        public static void main(String[] arguments) {
            Nd4j.zeros(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.print("hook ")));
            System.out.print("printed ");
            switch (arguments[0]) {
                case "exit" -> System.exit(3);
                case "halt" -> Runtime.getRuntime().halt(5);
                case "throw" -> throw new IllegalStateException();
                default -> NativeLibrary.getProcess().getFunction("printf").invokeInt(new Object[] {"by C"});
            }
        }
    }

    /** Without {@code NativeExit} this process hangs in OpenBLAS's destructor. */
    @Tag("slow")
    @Test
    void processThatMultiplies_endsWhenToldTo_afterItsHooks() throws IOException, InterruptedException {
        Process process = FreshJvm.start(Map.of(), List.of(), Products.class);
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("multiplying");
            Thread.sleep(200); // into a product
            process.toHandle().destroy(); // SIGTERM; the streams stay open
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(SIGTERM);
            assertThat(lines.readLine()).isEqualTo("hook");
        } finally {
            process.destroyForcibly();
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"return, 0, printed hook by C", "exit, 3, 'printed hook '", "halt, 5, 'printed '", "throw, 1, 'hook '"})
    void statusAndOutput_areThoseOfAnOrdinaryExit(String way, int status, String end)
            throws IOException, InterruptedException {
        Process process = FreshJvm.start(Map.of(), List.of(), Ending.class, way);
        try {
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("printed ")
                    .endsWith(end);
            assertThat(process.waitFor()).isEqualTo(status);
        } finally {
            process.destroyForcibly();
        }
    }
}
