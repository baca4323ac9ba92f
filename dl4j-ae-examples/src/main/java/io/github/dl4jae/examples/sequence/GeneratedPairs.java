package io.github.dl4jae.examples.sequence;

import io.github.dl4jae.examples.support.TextPairs;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Pairs of texts that follow rules: numbers and their words, dates and their other formats. */
final class GeneratedPairs {

    private static final int NUMBERS = 100_000;
    private static final Map<String, DateTimeFormatter> FORMATS = formats();

    private GeneratedPairs() {}

    private static Map<String, DateTimeFormatter> formats() {
        Map<String, DateTimeFormatter> formats = new LinkedHashMap<>();
        formats.put("iso", DateTimeFormatter.ISO_LOCAL_DATE);
        formats.put("de", DateTimeFormatter.ofPattern("dd.MM.yyyy", Locale.ROOT));
        formats.put("us", DateTimeFormatter.ofPattern("MMMM d, yyyy", Locale.ENGLISH));
        formats.put("gb", DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH));
        return formats;
    }

    /** Draws different numbers below 100,000 and writes each in three languages: "fr 84" to "quatre-vingt-quatre". */
    static TextPairs numbers(int count, long seed) {
        List<String> sources = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        new Random(seed).ints(0, NUMBERS).distinct().limit(count).forEach(number -> {
            for (NumberWords language : NumberWords.values()) {
                sources.add(language.code() + " " + number);
                targets.add(language.of(number));
            }
        });
        return new TextPairs("numbers in words", sources, targets);
    }

    /** Draws different dates of two centuries and writes each in another format: "iso 28.11.2026" to "2026-11-28". */
    static TextPairs dates(int count, long seed) {
        List<String> names = List.copyOf(FORMATS.keySet());
        Random random = new Random(seed);
        long first = LocalDate.of(1900, 1, 1).toEpochDay();
        long end = LocalDate.of(2100, 1, 1).toEpochDay();
        List<String> sources = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        random.longs(first, end)
                .distinct()
                .limit(count)
                .mapToObj(LocalDate::ofEpochDay)
                .forEach(date -> {
                    for (String to : names) {
                        String from =
                                names.get((names.indexOf(to) + 1 + random.nextInt(names.size() - 1)) % names.size());
                        sources.add(to + " " + date.format(format(from)));
                        targets.add(date.format(format(to)));
                    }
                });
        return new TextPairs("dates in other formats", sources, targets);
    }

    private static DateTimeFormatter format(String name) {
        return Objects.requireNonNull(FORMATS.get(name), name);
    }
}
