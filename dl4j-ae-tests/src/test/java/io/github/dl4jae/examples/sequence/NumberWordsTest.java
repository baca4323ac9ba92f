package io.github.dl4jae.examples.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.examples.support.TextPairs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as dictionaries and grammars write them. */
class NumberWordsTest {

    @ParameterizedTest
    @CsvSource({
        "0, zero, null, zéro",
        "1, one, eins, un",
        "16, sixteen, sechzehn, seize",
        "17, seventeen, siebzehn, dix-sept",
        "21, twenty-one, einundzwanzig, vingt et un",
        "22, twenty-two, zweiundzwanzig, vingt-deux",
        "30, thirty, dreißig, trente",
        "70, seventy, siebzig, soixante-dix",
        "71, seventy-one, einundsiebzig, soixante et onze",
        "77, seventy-seven, siebenundsiebzig, soixante-dix-sept",
        "80, eighty, achtzig, quatre-vingts",
        "81, eighty-one, einundachtzig, quatre-vingt-un",
        "91, ninety-one, einundneunzig, quatre-vingt-onze",
        "99, ninety-nine, neunundneunzig, quatre-vingt-dix-neuf",
        "100, one hundred, einhundert, cent",
        "101, one hundred one, einhunderteins, cent un",
        "200, two hundred, zweihundert, deux cents",
        "280, two hundred eighty, zweihundertachtzig, deux cent quatre-vingts",
        "1000, one thousand, eintausend, mille",
        "1001, one thousand one, eintausendeins, mille un",
        "2300, two thousand three hundred, zweitausenddreihundert, deux mille trois cents",
        "21000, twenty-one thousand, einundzwanzigtausend, vingt et un mille",
        "80000, eighty thousand, achtzigtausend, quatre-vingt mille",
        "98765, ninety-eight thousand seven hundred sixty-five, achtundneunzigtausendsiebenhundertfünfundsechzig,"
                + " quatre-vingt-dix-huit mille sept cent soixante-cinq"
    })
    void number_isWrittenInThreeLanguages(int number, String english, String german, String french) {
        assertThat(NumberWords.ENGLISH.of(number)).isEqualTo(english);
        assertThat(NumberWords.GERMAN.of(number)).isEqualTo(german);
        assertThat(NumberWords.FRENCH.of(number)).isEqualTo(french);
    }

    @Test
    void generatedPairs_differ_andDependOnTheSeed() {
        TextPairs numbers = GeneratedPairs.numbers(50, 1);
        TextPairs dates = GeneratedPairs.dates(50, 1);

        assertThat(numbers.sources())
                .hasSize(150)
                .doesNotHaveDuplicates()
                .contains(numbers.sources().get(7));
        assertThat(numbers).isEqualTo(GeneratedPairs.numbers(50, 1)).isNotEqualTo(GeneratedPairs.numbers(50, 2));
        assertThat(dates.sources()).hasSize(200).doesNotHaveDuplicates();
        assertThat(dates.targets().get(0)).matches("\\d{4}-\\d{2}-\\d{2}");
        assertThat(dates.targets().get(1)).matches("\\d{2}[.]\\d{2}[.]\\d{4}");
    }
}
