package io.github.dl4jae.examples.sequence;

import java.util.List;

/** Numbers from 0 to 99,999 in words. */
enum NumberWords {
    ENGLISH("en") {
        @Override
        String of(int number) {
            if (number >= 1000) {
                return join(of(number / 1000) + " thousand", " ", number % 1000, of(number % 1000));
            } else if (number >= 100) {
                return join(of(number / 100) + " hundred", " ", number % 100, of(number % 100));
            } else if (number >= 20) {
                return join(ENGLISH_TENS.get(number / 10 - 2), "-", number % 10, of(number % 10));
            }
            return ENGLISH_UNITS.get(number);
        }
    },
    GERMAN("de") {
        @Override
        String of(int number) {
            if (number >= 1000) {
                String thousands = of(number / 1000).replaceAll("eins$", "ein");
                return join(thousands + "tausend", "", number % 1000, of(number % 1000));
            } else if (number >= 100) {
                return join(stem(number / 100) + "hundert", "", number % 100, of(number % 100));
            } else if (number >= 20) {
                String tens = GERMAN_TENS.get(number / 10 - 2);
                return number % 10 == 0 ? tens : stem(number % 10) + "und" + tens;
            }
            return GERMAN_UNITS.get(number);
        }

        private static String stem(int digit) {
            return digit == 1 ? "ein" : GERMAN_UNITS.get(digit);
        }
    },
    FRENCH("fr") {
        @Override
        String of(int number) {
            if (number >= 1000) {
                String thousands =
                        number < 2000 ? "mille" : of(number / 1000).replaceAll("vingts$", "vingt") + " mille";
                return join(thousands, " ", number % 1000, of(number % 1000));
            } else if (number >= 100) {
                String hundreds = number < 200 ? "cent" : of(number / 100) + " cent";
                boolean plural = number >= 200 && number % 100 == 0;
                return join(plural ? hundreds + "s" : hundreds, " ", number % 100, of(number % 100));
            } else if (number >= 80) {
                return number == 80 ? "quatre-vingts" : "quatre-vingt-" + of(number - 80);
            } else if (number >= 60) {
                return beside("soixante", number - 60);
            } else if (number >= 20) {
                return beside(FRENCH_TENS.get(number / 10 - 2), number % 10);
            }
            return FRENCH_UNITS.get(number);
        }

        private String beside(String tens, int rest) {
            return switch (rest) {
                case 0 -> tens;
                case 1, 11 -> tens + " et " + of(rest);
                default -> tens + "-" + of(rest);
            };
        }
    };

    private static final List<String> ENGLISH_UNITS =
            words("zero one two three four five six seven eight nine ten eleven"
                    + " twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen");
    private static final List<String> ENGLISH_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety");
    private static final List<String> GERMAN_UNITS =
            words("null eins zwei drei vier fünf sechs sieben acht neun zehn elf"
                    + " zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn");
    private static final List<String> GERMAN_TENS =
            words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig");
    private static final List<String> FRENCH_UNITS = words("zéro un deux trois quatre cinq six sept huit neuf dix onze"
            + " douze treize quatorze quinze seize dix-sept dix-huit dix-neuf");
    private static final List<String> FRENCH_TENS = words("vingt trente quarante cinquante");

    private final String code;

    NumberWords(String code) {
        this.code = code;
    }

    /** Returns the code of the language. */
    String code() {
        return code;
    }

    /** Returns a number in words. */
    abstract String of(int number);

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }

    private static String join(String first, String separator, int rest, String words) {
        return rest == 0 ? first : first + separator + words;
    }
}
