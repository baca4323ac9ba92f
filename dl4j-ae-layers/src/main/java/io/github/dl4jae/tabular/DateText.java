package io.github.dl4jae.tabular;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The search for a format of dates that fits all texts of a column, and the mean and deviation of these dates. */
final class DateText {

    private static final String GERMAN = "d. MMMM uuuu";
    private static final String MONTH = "uuuu-MM";

    /** In the order of preference: of 03/04/2024, the day comes first. Each can be followed by a time of day. */
    private static final List<String> FORMATS = List.of(
            "uuuu-MM-dd",
            "uuuu/M/d",
            "d.M.uuuu",
            "d/M/uuuu",
            "M/d/uuuu",
            "d-M-uuuu",
            "uuuuMMdd",
            "d MMM uuuu",
            "MMM d, uuuu",
            "d-MMM-uuuu",
            "EEE, d MMM uuuu",
            GERMAN,
            "d.M.uu",
            "d/M/uu",
            "M/d/uu",
            "d-MMM-uu",
            MONTH);

    private static final int SHORTEST = 6;
    private static final int LONGEST = 40;
    private static final double SECONDS_PER_DAY = 86_400;

    private static final Map<String, DateTimeFormatter> FORMATTERS = new ConcurrentHashMap<>();

    /** A format that fits all texts so far. */
    private static final class Candidate {
        private final String format;
        private long count;
        private double mean;
        private double squares;
        private boolean times;

        Candidate(String format) {
            this.format = format;
        }

        /** Adds the dates of a candidate of the same format, and returns whether it is. */
        boolean merge(Candidate other) {
            if (!format.equals(other.format)) {
                return false;
            }
            double difference = other.mean - mean;
            double total = count + other.count;
            squares += other.squares + difference * difference * count * other.count / total;
            mean += difference * other.count / total;
            count += other.count;
            times |= other.times;
            return true;
        }

        boolean add(String text) {
            LocalDateTime date = parse(format, text);
            if (date == null) {
                return false;
            }
            double deviation = days(date) - mean;
            mean += deviation / ++count;
            squares += deviation * (days(date) - mean);
            times |= !date.toLocalTime().equals(LocalTime.MIDNIGHT);
            return true;
        }
    }

    private List<Candidate> candidates = FORMATS.stream().map(Candidate::new).toList();

    /** Keeps the formats that fit a text. */
    void add(String text) {
        if (candidates.isEmpty()) {
            return;
        }
        char first = text.charAt(0);
        boolean possible = text.length() >= SHORTEST
                && text.length() <= LONGEST
                && (Character.isDigit(first) || Character.isUpperCase(first));
        candidates = possible
                ? candidates.stream().filter(candidate -> candidate.add(text)).collect(Collectors.toList())
                : List.of();
    }

    /** Keeps the formats that fit the texts of another, too. */
    void addAll(DateText other) {
        if (candidates.isEmpty() || candidates.get(0).count == 0) {
            candidates = other.candidates;
        } else if (other.candidates.isEmpty() || other.candidates.get(0).count > 0) {
            candidates = candidates.stream()
                    .filter(mine -> other.candidates.stream().anyMatch(mine::merge))
                    .collect(Collectors.toList());
        }
    }

    /** Returns the first format that fits all texts, or null. */
    @Nullable
    String format() {
        return candidates.isEmpty() || candidates.get(0).count == 0 ? null : candidates.get(0).format;
    }

    /** Returns the mean of the days since 1970. */
    double mean() {
        return candidates.get(0).mean;
    }

    /** Returns the standard deviation in days, 1 if all dates are equal. */
    double deviation() {
        double variance = candidates.get(0).squares / candidates.get(0).count;
        return variance > 0 ? Math.sqrt(variance) : 1;
    }

    /** Returns whether a date has a time of day other than midnight. */
    boolean hasTimes() {
        return candidates.get(0).times;
    }

    /** Returns the days since 1970, with the time of day as a fraction. */
    static double days(LocalDateTime date) {
        return date.toLocalDate().toEpochDay() + date.toLocalTime().toSecondOfDay() / SECONDS_PER_DAY;
    }

    /** Returns the date, to the second. */
    static LocalDateTime date(double days) {
        return LocalDate.EPOCH.atStartOfDay().plusSeconds(Math.round(days * SECONDS_PER_DAY));
    }

    /** Returns a text in a format, with a time of day if asked. */
    static String print(String format, LocalDateTime date, boolean time) {
        return DateTimeFormatter.ofPattern(time ? format + " HH:mm:ss" : format, language(format))
                .format(date);
    }

    /** Returns the date and time of a text, or null if the format does not fit. */
    static @Nullable LocalDateTime parse(String format, String text) {
        try {
            TemporalAccessor parsed =
                    FORMATTERS.computeIfAbsent(format, DateText::formatter).parse(text);
            LocalDate date = parsed.query(TemporalQueries.localDate());
            LocalTime time = parsed.query(TemporalQueries.localTime());
            return date == null ? null : date.atTime(time == null ? LocalTime.MIDNIGHT : time);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Returns a formatter of dates, with or without a time of day and its offset or zone. */
    private static DateTimeFormatter formatter(String format) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(format)
                .optionalStart()
                .appendPattern("[' ']['T']")
                .appendPattern("[h:mm[:ss] a][H:mm[:ss]]")
                .optionalStart()
                .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                .optionalEnd()
                .optionalStart()
                .appendOffset("+HH:mm", "Z")
                .optionalEnd()
                .appendPattern("[' UTC'][' GMT']['['VV']']")
                .optionalEnd();
        if (format.equals(MONTH)) {
            builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
        }
        return builder.toFormatter(language(format)).withResolverStyle(ResolverStyle.STRICT);
    }

    private static Locale language(String format) {
        return format.equals(GERMAN) ? Locale.GERMAN : Locale.ENGLISH;
    }
}
