package io.github.dl4jae.tabular;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a pass over the rows finds in a column. Memory is bounded: of many different texts, only the first are kept. */
final class ColumnSummary {

    /** The number of different texts, or of different numbers, up to which they are counted. */
    static final int MOST_LEVELS = 1_000;

    /** The number of numbers up to which the median is exact, in a table of few columns. */
    private static final int MOST_SAMPLED = 10_000;
    /** The same in a wide table. */
    private static final int FEWEST_SAMPLED = 1_000;
    /** The number of sampled numbers of all columns together: with more, each would miss the cache. */
    private static final int ALL_SAMPLED = 2_000_000;

    /** The number of numbers that are added together. */
    private static final int BLOCK = 256;

    private final String name;
    private final MissingValues missing;
    private final double[] block = new double[BLOCK];
    private int inBlock;
    private final SplittableRandom random = new SplittableRandom(1);
    private final int sampled;
    private double[] sample = {};
    /** The count of numbers at which the next one enters the sample. */
    private long nextSampled;
    /** The largest of the sample's random keys. */
    private double largest = 1;

    private long rows;
    private long numbers;
    private long infinities;
    private long texts;
    private double mean;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private int decimals;
    private boolean leadingZeros;
    /** Whether the first number is 0 or 1. */
    private boolean startsCount = true;
    /** Whether each number is one more than that before it. */
    private boolean goesOn = true;

    private double first = Double.NaN;
    private double last = Double.NaN;
    private long firstMissing;
    private long firstInfinity;
    private long firstText;
    private @Nullable String textThere;
    /** Null if there are too many. */
    private @Nullable Map<String, Long> levels = new TreeMap<>();

    private final NumberCounts values = new NumberCounts(MOST_LEVELS);
    private final Map<String, Long> tokens = new TreeMap<>();
    private final DateText dates = new DateText();

    /**
     * Creates an empty summary.
     *
     * @param columns the number of all columns
     */
    ColumnSummary(String name, MissingValues missing, int columns) {
        this.name = name;
        this.missing = missing;
        this.sampled = Math.max(FEWEST_SAMPLED, Math.min(MOST_SAMPLED, ALL_SAMPLED / columns));
    }

    void add(TableRow row, int column) {
        rows++;
        double number = row.number(column);
        if (!Double.isNaN(number)) {
            leadingZeros |= row.hasLeadingZero(column);
            addNumber(number, row.decimals(column), row.index());
            return;
        }
        String text = row.text(column);
        if (text != null) {
            addText(text, row.index());
        } else {
            addMissing(row.index());
        }
    }

    private void addMissing(long row) {
        if (firstMissing == 0) {
            firstMissing = row;
        }
    }

    private void addText(String text, long row) {
        if (missing.isNamed(text)) {
            addMissing(row);
            return;
        } else if (MissingValues.isUsual(text)) {
            tokens.merge(text, 1L, Long::sum);
            addMissing(row);
        } else {
            if (texts++ == 0) {
                firstText = row;
                textThere = text;
            }
            dates.add(text);
        }
        count(text);
    }

    private void addNumber(double number, int places, long row) {
        if (missing.isMissing(number)) {
            addMissing(row);
            return;
        } else if (Double.isInfinite(number)) {
            if (infinities++ == 0) {
                firstInfinity = row;
            }
            return;
        }
        decimals = Math.max(decimals, places);
        block[inBlock++] = number;
        if (inBlock == BLOCK) {
            addBlock();
        }
    }

    /** Adds the numbers of the block together, because the summaries of a wide table do not fit the cache. */
    private void addBlock() {
        double sum = 0;
        for (int i = 0; i < inBlock; i++) {
            double number = block[i];
            sum += number;
            if (number < min) { // far faster than Math.min
                min = number;
            }
            if (number > max) {
                max = number;
            }
        }
        double blockMean = sum / inBlock;
        double blockSquares = 0;
        for (int i = 0; i < inBlock; i++) {
            double deviation = block[i] - blockMean;
            blockSquares += deviation * deviation;
        }
        // Chan, Golub and LeVeque 1983
        double difference = blockMean - mean;
        double total = numbers + inBlock;
        squares += blockSquares + difference * difference * numbers * inBlock / total;
        mean += difference * inBlock / total;
        if (numbers == 0) {
            first = block[0];
            startsCount = first == 0 || first == 1;
        }
        for (int i = numbers == 0 ? 1 : 0; i < inBlock && goesOn; i++) {
            goesOn = block[i] == (i == 0 ? last : block[i - 1]) + 1;
        }
        last = block[inBlock - 1];
        for (int i = 0; i < inBlock && !values.isFull(); i++) {
            values.add(block[i]);
        }
        for (int i = 0; i < inBlock; i++) {
            numbers++;
            if (numbers <= sampled || numbers == nextSampled) {
                sample(block[i]);
            }
        }
        inBlock = 0;
    }

    /** Adds the rows of a completed summary, which follow those of this one. Row numbers are not kept up. */
    void addAll(ColumnSummary later) {
        double difference = later.mean - mean;
        double total = Math.max(1, numbers + later.numbers);
        squares += later.squares + difference * difference * numbers * later.numbers / total;
        mean += difference * later.numbers / total;
        if (numbers == 0) {
            startsCount = later.startsCount;
            first = later.first;
        }
        goesOn &= later.goesOn && (numbers == 0 || later.numbers == 0 || later.first == last + 1);
        mergeSample(later);
        rows += later.rows;
        numbers += later.numbers;
        infinities += later.infinities;
        texts += later.texts;
        min = Math.min(min, later.min);
        max = Math.max(max, later.max);
        decimals = Math.max(decimals, later.decimals);
        leadingZeros |= later.leadingZeros;
        last = later.numbers > 0 ? later.last : last;
        textThere = textThere == null ? later.textThere : textThere;
        values.addAll(later.values);
        later.tokens.forEach((token, count) -> tokens.merge(token, count, Long::sum));
        dates.addAll(later.dates);
        if (levels != null && later.levels != null) {
            Map<String, Long> all = levels;
            later.levels.forEach((text, count) -> all.merge(text, count, Long::sum));
        }
        levels = levels == null || later.levels == null || levels.size() > MOST_LEVELS ? null : levels;
    }

    /** Each place of the sample becomes that of the later part with the probability of its share. */
    private void mergeSample(ColumnSummary later) {
        int mine = (int) Math.min(sampled, numbers);
        int theirs = (int) Math.min(sampled, later.numbers);
        if (mine + theirs <= sampled) {
            sample = Arrays.copyOf(sample, mine + theirs);
            System.arraycopy(later.sample, 0, sample, mine, theirs);
            return;
        }
        double share = later.numbers / (double) (numbers + later.numbers);
        double[] merged = new double[sampled];
        for (int i = 0; i < sampled; i++) {
            boolean takeTheirs = mine == 0 || (theirs > 0 && random.nextDouble() < share);
            merged[i] = takeTheirs ? draw(later.sample, theirs--) : draw(sample, mine--);
        }
        sample = merged;
    }

    /** Takes one of the first values, in whose place the last of them comes. */
    private double draw(double[] values, int count) {
        int place = random.nextInt(count);
        double drawn = values[place];
        values[place] = values[count - 1];
        return drawn;
    }

    /** Completes the summary after the last row. */
    void finish() {
        if (inBlock > 0) {
            addBlock();
        }
    }

    /** Keeps one of the first numbers, or a later one in place of a kept one (algorithm L of Li 1994). */
    private void sample(double number) {
        if (numbers <= sampled) {
            if (sample.length < numbers) {
                sample = Arrays.copyOf(sample, (int) Math.min(sampled, Math.max(16, 2 * numbers)));
            }
            sample[(int) numbers - 1] = number;
        } else {
            sample[random.nextInt(sampled)] = number;
        }
        if (numbers >= sampled) {
            largest *= Math.pow(1 - random.nextDouble(), 1.0 / sampled);
            nextSampled = numbers + 1 + (long) (Math.log(1 - random.nextDouble()) / Math.log1p(-largest));
        }
    }

    /** Returns the median, of a random sample if there are more than {@link #MOST_SAMPLED} numbers. */
    double median() {
        double[] sorted = Arrays.copyOf(sample, (int) Math.min(sampled, numbers));
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void count(String text) {
        if (levels != null) {
            levels.merge(text, 1L, Long::sum);
            levels = levels.size() > MOST_LEVELS ? null : levels;
        }
    }

    String name() {
        return name;
    }

    long rows() {
        return rows;
    }

    /** Returns how many values are finite numbers. */
    long numbers() {
        return numbers;
    }

    /** Returns how many values are texts, without tokens for missing values. */
    long texts() {
        return texts;
    }

    /** Returns how many values are empty or tokens. */
    long missing() {
        return rows - numbers - infinities - texts;
    }

    long infinities() {
        return infinities;
    }

    /** Returns the first row with a missing value, or 0. */
    long firstMissing() {
        return firstMissing;
    }

    long firstInfinity() {
        return firstInfinity;
    }

    /** Returns the first row with a text, or 0. */
    long firstText() {
        return firstText;
    }

    /** Returns the first text, or null. */
    @Nullable
    String textThere() {
        return textThere;
    }

    double mean() {
        return mean;
    }

    /** Returns the mean squared deviation. */
    double variance() {
        return squares / numbers;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** Returns the largest number of decimals with which a number was written. */
    int decimals() {
        return decimals;
    }

    /** Returns whether a number was written with a zero in front. */
    boolean hasLeadingZeros() {
        return leadingZeros;
    }

    /** Returns whether the numbers are 0, 1, 2, … or 1, 2, 3, … in the order of the rows. */
    boolean counts() {
        return startsCount && goesOn && numbers == rows;
    }

    /** Returns whether all numbers are strictly between the largest integers that float64 counts. */
    boolean areIntegers() {
        return decimals == 0 && Math.abs(min) < 1e15 && Math.abs(max) < 1e15;
    }

    /** Returns how often each text occurs, tokens included, or null if there are more than {@link #MOST_LEVELS}. */
    @Nullable
    Map<String, Long> levels() {
        return levels;
    }

    /** Returns how often each number occurs, or null if there are more than {@link #MOST_LEVELS}. */
    @Nullable
    Map<Double, Long> values() {
        return values.get();
    }

    /** Returns how often each usual token for a missing value occurs. */
    Map<String, Long> tokens() {
        return tokens;
    }

    /** Returns how many values are empty or named tokens, which are missing in a column of texts. */
    long missingTexts() {
        return missing() - tokens.values().stream().mapToLong(count -> count).sum();
    }

    /** Returns what the texts are as dates. */
    DateText dates() {
        return dates;
    }
}
