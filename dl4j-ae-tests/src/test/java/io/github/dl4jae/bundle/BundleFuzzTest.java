package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged bundles are refused, or load to the same model, in a JVM with a small heap.
 *
 * <p>{@code -Ddl4jae.fuzz.mutations=10000} makes it a long run, and {@code -Ddl4jae.fuzz.seed} continues one.
 */
@Tag("slow")
class BundleFuzzTest {

    private static final int MUTATIONS = 600;

    @Test
    void damagedBundles_areRefused_orStayTheSame() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.bytedeco.javacpp.maxbytes=512m",
                        "-Dorg.bytedeco.javacpp.platform.extension="
                                + System.getProperty("org.bytedeco.javacpp.platform.extension", ""),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        BundleFuzz.class.getName(),
                        Long.getLong("dl4jae.fuzz.seed", 0).toString(),
                        Integer.getInteger("dl4jae.fuzz.mutations", MUTATIONS).toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).containsPattern("refused \\d{3,}, same \\d+, other \\d{2,}, failed 0");
        } finally {
            process.destroyForcibly();
        }
    }
}
