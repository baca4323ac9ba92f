package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
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
        String output = FuzzRun.output("256m", "512m", BundleFuzz.class, MUTATIONS);

        assertThat(output).containsPattern("refused \\d{3,}, same \\d+, other \\d{2,}, failed 0");
    }
}
