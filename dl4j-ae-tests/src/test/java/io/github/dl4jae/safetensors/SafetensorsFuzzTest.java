package io.github.dl4jae.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged files are refused, or have other tensors, in a JVM with a small heap.
 *
 * <p>{@code -Ddl4jae.fuzz.mutations=10000} makes it a long run, and {@code -Ddl4jae.fuzz.seed} continues one.
 */
@Tag("slow")
class SafetensorsFuzzTest {

    private static final int MUTATIONS = 1000;

    @Test
    void damagedFiles_areRefused_orHaveOtherTensors() throws IOException, InterruptedException {
        String output = FuzzRun.output("64m", "64m", SafetensorsFuzz.class, MUTATIONS);

        assertThat(output).containsPattern("refused \\d{3,}, read \\d{2,}, failed 0");
    }
}
