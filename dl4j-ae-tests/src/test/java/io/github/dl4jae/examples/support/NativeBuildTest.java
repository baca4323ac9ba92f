package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBuildTest {

    @ParameterizedTest
    @CsvSource({
        "'sse2 avx', ''",
        "'avx2', ''",
        "'avx2 fma', -avx2",
        "'avx2 fma avx512f', -avx2",
        "'avx2 fma avx512f avx512cd avx512bw avx512dq avx512vl', -avx512"
    })
    void extension_isThatOfTheFastestBuildForTheFlags(String flags, String extension) {
        assertThat(NativeBuild.extension(Set.copyOf(List.of(flags.split(" "))))).isEqualTo(extension);
    }

    @Test
    void select_withAValueOfTheUser_keepsIt() {
        String before = System.getProperty(NativeBuild.PROPERTY);
        try {
            System.setProperty(NativeBuild.PROPERTY, "-chosen");
            NativeBuild.select();
            assertThat(System.getProperty(NativeBuild.PROPERTY)).isEqualTo("-chosen");
        } finally {
            System.setProperty(NativeBuild.PROPERTY, before);
        }
    }
}
