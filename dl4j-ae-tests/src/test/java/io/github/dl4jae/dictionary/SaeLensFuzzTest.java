package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged dictionaries of SAELens are refused, or encode, in a JVM with a small heap.
 *
 * <p>{@code -Ddl4jae.fuzz.mutations=10000} makes it a long run, and {@code -Ddl4jae.fuzz.seed} continues one.
 */
@Tag("slow")
class SaeLensFuzzTest {

    private static final int MUTATIONS = 1000;

    @Test
    void damagedDictionaries_areRefused_orEncode() throws IOException, InterruptedException {
        Process process = JavaProcess.of(
                        "64m",
                        "64m",
                        SaeLensFuzz.class,
                        Long.getLong("dl4jae.fuzz.seed", 0),
                        Integer.getInteger("dl4jae.fuzz.mutations", MUTATIONS))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).containsPattern("refused \\d{3,}, read \\d{2,}, failed 0");
        } finally {
            process.destroyForcibly();
        }
    }
}
