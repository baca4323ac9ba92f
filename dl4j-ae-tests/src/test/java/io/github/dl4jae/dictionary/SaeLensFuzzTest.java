package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
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
        String output = FuzzRun.output("64m", "64m", SaeLensFuzz.class, MUTATIONS);

        assertThat(output).containsPattern("refused \\d{3,}, read \\d{2,}, failed 0");
    }
}
