package io.github.dl4jae.tabular;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What counts as a missing value.
 *
 * <p>An empty value is always missing. The usual tokens are missing among numbers only, because among categories they
 * can be a level, as NA is for Namibia. Tokens that were named are missing everywhere.
 *
 * @param named the tokens that were named
 * @param numbers those of them that are numbers
 * @param infinity whether infinite numbers are missing
 */
record MissingValues(Set<String> named, Set<Double> numbers, boolean infinity) {

    private static final Set<String> USUAL = Set.of(
            "na",
            "n/a",
            "nan",
            "-nan",
            "+nan",
            "nan(ind)",
            "-nan(ind)",
            "1.#qnan",
            "-1.#ind",
            "null",
            "none",
            "?",
            "-",
            ".",
            "<na>",
            "#n/a");

    static MissingValues of(Set<String> named, boolean infinity) {
        Set<Double> numbers = new HashSet<>();
        NumberText withPoint = new NumberText('.');
        NumberText withComma = new NumberText(',');
        for (String text : named) {
            if (withPoint.matches(text)) {
                numbers.add(withPoint.value());
            } else if (withComma.matches(text)) {
                numbers.add(withComma.value());
            }
        }
        return new MissingValues(Set.copyOf(named), Set.copyOf(numbers), infinity);
    }

    /** Returns whether a number is missing. */
    boolean isMissing(double number) {
        return (infinity && Double.isInfinite(number)) || (!numbers.isEmpty() && numbers.contains(number));
    }

    /** Returns whether a text can stand for a missing number. */
    static boolean isUsual(String text) {
        return USUAL.contains(text.toLowerCase(Locale.ROOT));
    }

    /** Returns whether a text is missing in a column of texts. */
    boolean isNamed(String text) {
        return named.contains(text);
    }

    /** Returns whether a text is missing in a column of numbers. */
    boolean isNoNumber(String text) {
        return isNamed(text) || isUsual(text);
    }

    /** Returns a pattern of the texts that are missing in a column of texts. */
    String namedPattern() {
        return "(?:" + alternatives(named) + ")?";
    }

    /** Returns a pattern of the texts that are missing in a column of numbers. */
    String noNumberPattern() {
        String texts = "(?i:" + alternatives(USUAL) + ")|" + namedPattern();
        return infinity ? texts + "|" + NumberText.INFINITY : texts;
    }

    private static String alternatives(Set<String> texts) {
        return texts.stream().sorted().map(Pattern::quote).collect(Collectors.joining("|"));
    }
}
