package io.github.dl4jae.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams and pixels do not depend on the number of threads. */
@Tag("slow")
class ThreadCountsTest {

    private static List<String> lines(int threads) throws IOException, InterruptedException {
        ProcessBuilder builder = JavaProcess.of("128m", "256m", CompressedPicture.class);
        builder.command().add(1, "-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + (threads - 1));
        builder.command().add(1, "-XX:ActiveProcessorCount=" + threads);
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        builder.environment().put("OPENBLAS_NUM_THREADS", String.valueOf(threads));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> line.startsWith("stream") || line.startsWith("pixels"))
                .toList();
    }

    @Test
    void streamAndPixels_areEqual_onOneThreadAndOnFour() throws IOException, InterruptedException {
        List<String> onOne = lines(1);

        assertThat(onOne).hasSize(2);
        assertThat(lines(4)).isEqualTo(onOne);
    }
}
