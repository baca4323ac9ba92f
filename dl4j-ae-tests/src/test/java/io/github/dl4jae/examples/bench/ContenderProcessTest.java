package io.github.dl4jae.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ContenderProcessTest {

    private static ContenderProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new ContenderProcess("dl4j-ae on encode-1", Contender.OURS, command);
    }

    @Test
    void process_answersEachRequest() throws IOException {
        try (ContenderProcess process = start("io.github.dl4jae.examples.Launcher", "bench-run", "ENCODE_1", "OURS")) {
            process.awaitReady();
            Measurement alone = process.measure(0.02);
            assertThat(alone.minimum()).isPositive().isLessThanOrEqualTo(alone.median());
            assertThat(alone.mean()).isGreaterThanOrEqualTo(alone.minimum());
            process.measureAndContinue(0.01);
            process.measurement();
            process.rest();
            assertThat(process.measure(0.01).peakMebibytes()).isGreaterThanOrEqualTo(alone.peakMebibytes());
            assertThat(process.kernel()).startsWith("OpenBLAS kernel ");
        }
    }

    @Test
    void failedProcess_isReportedWithItsMessageAndCommand() throws IOException {
        try (ContenderProcess process = start("io.github.dl4jae.Missing")) {
            assertThatThrownBy(process::awaitReady)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("bench: dl4j-ae on encode-1 failed (Caused by:")
                    .hasMessageContaining("io.github.dl4jae.Missing")
                    .hasMessageContaining("; run '")
                    .hasMessageEndingWith("' to see why");
        }
    }
}
