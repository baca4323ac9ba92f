package io.github.dl4jae.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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

    @ParameterizedTest
    @CsvSource({
        "-avx512, '-avx512,-avx2,', -avx512",
        "-avx512, '-avx2,', -avx2",
        "-avx2, '-avx512,-avx2,', -avx2",
        "-avx2, '-avx512,', ''",
        "'', '-avx512,-avx2,', ''"
    })
    void build_isTheFastestThatIsThereAndRuns(String extension, String available, String build) {
        List<String> builds = List.of(available.split(",", -1));

        assertThat(NativeBuild.fastest(extension, builds::contains)).contains(build);
    }

    @ParameterizedTest
    @CsvSource({"-avx2, -avx512", "'', -avx2", "-avx512, -onednn-avx512"})
    void build_withoutOneThatIsKnownToRun_isLeftToJavaCpp(String extension, String available) {
        assertThat(NativeBuild.fastest(extension, available::equals)).isEqualTo(Optional.empty());
    }

    @Test
    void select_withAValueOfTheUser_keepsIt() throws IOException {
        String before = System.getProperty(NativeBuild.PROPERTY);
        try {
            System.setProperty(NativeBuild.PROPERTY, "-chosen");
            NativeBuild.select();
            assertThat(System.getProperty(NativeBuild.PROPERTY)).isEqualTo("-chosen");
        } finally {
            if (before == null) {
                System.clearProperty(NativeBuild.PROPERTY);
            } else {
                System.setProperty(NativeBuild.PROPERTY, before);
            }
        }
    }
}
