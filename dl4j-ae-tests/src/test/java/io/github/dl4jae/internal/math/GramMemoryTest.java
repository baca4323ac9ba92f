package io.github.dl4jae.internal.math;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GramMemoryTest {

    /** 16 · 1000² bytes hold two float64 matrices of 1000 columns. */
    @Test
    void smallerSide_mustFit() {
        assertThatCode(() -> GramMemory.require("It", 1_000, 1_000_000, 16_000_000))
                .doesNotThrowAnyException();
        assertThatCode(() -> GramMemory.require("It", 1_000_000, 1_000, 16_000_000))
                .doesNotThrowAnyException();
        assertThatCode(() -> GramMemory.require("It", 1_000_000, 1_000_000, 0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> GramMemory.require("It", 1_001, 1_002, 16_000_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("It: rows or columns must be at most 1000 with 15 MiB of memory for arrays, got 1001 rows"
                        + " and 1002 columns; raise -Dorg.bytedeco.javacpp.maxbytes, or use a sample of the rows");
    }
}
