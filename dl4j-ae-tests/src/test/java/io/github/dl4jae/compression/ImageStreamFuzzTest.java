package io.github.dl4jae.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged streams are refused, or decompressed to the same pixels, in a JVM with a small heap.
 *
 * <p>{@code -Ddl4jae.fuzz.mutations=10000} makes it a long run, and {@code -Ddl4jae.fuzz.seed} continues one.
 */
@Tag("slow")
class ImageStreamFuzzTest {

    private static final int MUTATIONS = 1000;

    @Test
    void damagedStreams_areRefused_orHaveTheSamePixels() throws IOException, InterruptedException {
        String output = FuzzRun.output("96m", "128m", ImageStreamFuzz.class, MUTATIONS);

        assertThat(output).containsPattern("refused \\d{3,}, equal \\d+, failed 0");
    }
}
