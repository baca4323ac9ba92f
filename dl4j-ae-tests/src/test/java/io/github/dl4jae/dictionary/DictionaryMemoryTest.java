package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large dictionary trains in bounded memory. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class DictionaryMemoryTest {

    private static final long MOST_MIB = 6 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"TopK", "BatchTopK"})
    void units65536OfInputs512_trainWithin6GiB(String encoder) throws IOException, InterruptedException {
        Process process = JavaProcess.of("2g", "3g", LargeDictionary.class, encoder)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        String last = output.substring(output.lastIndexOf("MiB ") + 4).trim();
        assertThat(Long.parseLong(last)).as(output).isLessThan(MOST_MIB);
    }
}
