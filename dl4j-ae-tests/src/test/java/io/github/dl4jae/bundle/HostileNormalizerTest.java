package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.internal.io.JsonText;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Normalizers with statistics that do not fit together. */
class HostileNormalizerTest {

    private static final String GOOD = "{'kind':'standardize',"
            + "'mean':{'dataType':'FLOAT','shape':[1,2],'values':[1,2]},"
            + "'deviation':{'dataType':'FLOAT','shape':[1,2],'values':[3,4]}}";

    private static DataNormalization read(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return NormalizerJson.read("n", JsonText.of("n", bytes, 10_000, "").root());
    }

    @Test
    void normalizer_isRead() {
        assertThat(read(GOOD))
                .isEqualTo(new NormalizerStandardize(
                        Nd4j.createFromArray(new float[][] {{1, 2}}), Nd4j.createFromArray(new float[][] {{3, 4}})));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "standardize | other | kind must be standardize, min-max or image, got 'other'",
                "'kind':'standardize', | '' | kind must be given",
                "[1,2],'values':[1,2] | [1,3],'values':[1,2] | mean must be a vector of its values",
                "[1,2],'values':[1,2] | [2,1],'values':[1,2] | mean must be a vector of its values",
                "[1,2],'values':[1,2] | [1e9,1e9],'values':[1,2] | mean must be a vector of its values",
                "[1,2],'values':[1,2] | [0],'values':[] | mean must be a vector of its values",
                "[1,2],'values':[1,2] | [1,1],'values':[1] | must have one length and type, got 1 and 2 values",
                "FLOAT | UTF8 | mean must be FLOAT or DOUBLE, got 'UTF8'",
                "[1,2],'values':[1,2] | [1,2],'values':['a',2] | values must be a number",
                "'kind' | 'x':1,'kind' | must have known properties only, got 'x'"
            })
    void statistics_thatAreWrong_areRefused(String found, String replacement, String reason) {
        assertThat(GOOD).contains(found);
        int at = GOOD.indexOf(found);
        String bad = GOOD.substring(0, at)
                + (replacement.equals("''") ? "" : replacement)
                + GOOD.substring(at + found.length());

        assertThatThrownBy(() -> read(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("n: ")
                .hasMessageContaining(reason);
    }
}
