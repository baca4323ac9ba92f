package io.github.dl4jae.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The choice of an encoding for each column, from what a pass over the rows found. */
// longer than 300 lines: each kind of column has its own checks, whose messages name the option to set
final class SchemaFit {

    /** The number of rows up to which a text that never repeats can be a category. */
    private static final int FEW_ROWS = 20;
    /** The largest number of different integers that are classes rather than quantities. */
    private static final int MOST_CLASSES = 20;

    private static final Pattern IDENTIFIER =
            Pattern.compile("(?i)(column\\d+|unnamed.*|index|idx|row|id|uuid|key|.*[_ .-]id|id[_ .-].*)");

    /** A number with up to five other characters before or behind it, such as a currency. */
    private static final Predicate<String> WITH_SIGN = Pattern.compile(
                    "[^\\p{Alnum}]{0,3}\\d[\\d.,'’\\u00A0\\u202F ]*[^\\d.,]{0,5}")
            .asMatchPredicate();

    private final Path file;
    private final TableReader.Settings settings;
    private final List<String> notes = new ArrayList<>();

    SchemaFit(Path file, TableReader.Settings settings) {
        this.file = file;
        this.settings = settings;
    }

    /** Returns what a reader should know. */
    List<String> notes() {
        return notes;
    }

    /** Returns whether a column must be read again as texts, because it has both and texts prevail. */
    boolean mustBeText(ColumnSummary column) {
        boolean mixed = column.numbers() > 0 && column.texts() > 0;
        return mixed && (column.name().equals(settings.label()) || column.texts() > column.numbers());
    }

    TableColumn column(ColumnSummary column) {
        String name = column.name();
        if (settings.ignored().contains(name) || name.equals(settings.label()) || name.equals(settings.target())) {
            return new LeftOutColumn(name, settings.ignored().contains(name) ? "it is ignored" : "it is the label");
        }
        if (settings.counts().contains(name) && column.texts() > 0) {
            throw TextFile.problem(
                    file,
                    "must have counts 0, 1, 2, … in column '" + name + "', got '" + column.textThere() + "' in row "
                            + column.firstText() + "; leave counts(…) out");
        }
        TableColumn found = settings.categorical().contains(name)
                ? categorical(column, levels(column))
                : column.texts() == 0 && (column.numbers() > 0 || column.infinities() > 0)
                        ? numeric(column)
                        : text(column);
        if (found instanceof LeftOutColumn left) {
            note(name + ": left out, because " + left.reason());
            return found;
        }
        return withMissing(column, found);
    }

    private void note(String note) {
        notes.add(note);
    }

    private LeftOutColumn leftOut(ColumnSummary column, String reason) {
        return new LeftOutColumn(column.name(), reason);
    }

    private boolean isKept(ColumnSummary column) {
        return settings.kept().contains(column.name());
    }

    private String keep(ColumnSummary column) {
        return "; keep(\"" + column.name() + "\") encodes it";
    }

    private TableColumn numeric(ColumnSummary column) {
        String name = column.name();
        if (column.infinities() > 0) {
            throw TextFile.problem(
                    file,
                    "must have finite numbers in column '" + name + "', got an infinite one in row "
                            + column.firstInfinity() + "; set infinityIsMissing(true), or correct the value");
        } else if (column.min() == column.max()) {
            return leftOut(column, "all its values are " + TableColumn.print(column.min(), column.decimals()));
        } else if (isIdentifier(column) && !isKept(column)) {
            return leftOut(column, "it numbers the rows" + keep(column));
        }
        if (settings.counts().contains(name)) {
            return counts(column);
        }
        Map<Double, Long> values = column.values();
        if (values != null && values.keySet().equals(Set.of(0.0, 1.0))) {
            boolean often = column.mean() > 0.5;
            return new FlagColumn(name, "0", "1", true, often, imputes());
        }
        double variance = column.variance();
        if (!(variance >= Double.MIN_NORMAL && variance < Double.POSITIVE_INFINITY)) {
            throw TextFile.problem(
                    file,
                    "must have a variance that float64 can hold in column '" + name + "', got " + variance
                            + "; scale the column");
        }
        if (column.hasLeadingZeros()) {
            note(name + ": zeros in front of its numbers are lost; categorical(\"" + name + "\") keeps them");
        }
        return new NumericColumn(
                name, column.mean(), Math.sqrt(variance), column.decimals(), replacement(column), imputes());
    }

    private TableColumn counts(ColumnSummary column) {
        if (column.min() < 0 || !column.areIntegers()) {
            throw TextFile.problem(
                    file,
                    "must have counts 0, 1, 2, … in column '" + column.name()
                            + "', got other numbers; leave counts(…) out");
        }
        return new CountColumn(column.name(), Math.rint(replacement(column)), imputes());
    }

    private boolean isIdentifier(ColumnSummary column) {
        if (!column.areIntegers() || column.missing() > 0) {
            return false;
        }
        Map<Double, Long> values = column.values();
        boolean distinct = values == null || values.size() == column.rows();
        boolean many = column.rows() > FEW_ROWS;
        return IDENTIFIER.matcher(column.name()).matches()
                ? column.counts() || (distinct && many)
                : column.counts() && many;
    }

    private boolean imputes() {
        return settings.imputation() != Imputation.NONE;
    }

    private double replacement(ColumnSummary column) {
        return switch (settings.imputation()) {
            case MEDIAN -> column.median();
            case MOST_FREQUENT -> {
                Map<Double, Long> values = column.values();
                yield values == null ? column.median() : mostFrequent(values);
            }
            default -> column.mean();
        };
    }

    private static <K extends Comparable<K>> K mostFrequent(Map<K, Long> counts) {
        return counts.entrySet().stream()
                .max(Map.Entry.<K, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
    }

    private TableColumn text(ColumnSummary column) {
        String name = column.name();
        if (column.texts() == 0) {
            return leftOut(column, "it has no values");
        } else if (column.numbers() > 0) {
            throw TextFile.problem(
                    file,
                    "must have numbers in column '" + name + "', where " + column.numbers()
                            + " values are numbers, got '"
                            + column.textThere() + "' in row " + column.firstText()
                            + "; correct the value, set missing(\""
                            + column.textThere() + "\"), or declare the column categorical");
        }
        String format = column.dates().format();
        if (settings.dates().contains(name)) {
            return dates(column, format);
        } else if (format != null && !isKept(column)) {
            return leftOut(column, "it has dates; dates(\"" + name + "\") encodes them");
        }
        if (looksNumeric(column)) {
            note(name + ": has numbers with a sign or a unit, such as '" + column.textThere()
                    + "', which are texts; remove it to read them as numbers");
        }
        Map<String, Long> levels = column.levels();
        boolean unique = levels == null || (levels.size() == column.texts() && column.rows() > FEW_ROWS);
        if (unique && !isKept(column)) {
            return leftOut(
                    column,
                    levels == null
                            ? "it has more than " + ColumnSummary.MOST_LEVELS + " different texts"
                            : "it has only different texts; categorical(\"" + name + "\") encodes them");
        } else if (levels != null && levels.size() > settings.mostLevels() && !isKept(column)) {
            return leftOut(
                    column,
                    "it has " + levels.size() + " different texts, more than mostLevels(" + settings.mostLevels()
                            + "); categorical(\"" + name + "\") encodes them");
        }
        return categorical(column, levels(column));
    }

    private static boolean looksNumeric(ColumnSummary column) {
        Map<String, Long> levels = column.levels();
        return levels == null
                ? WITH_SIGN.test(String.valueOf(column.textThere()))
                : levels.keySet().stream().allMatch(WITH_SIGN);
    }

    private Map<String, Long> levels(ColumnSummary column) {
        Map<String, Long> levels = column.levels();
        if (levels == null) {
            boolean isLabel = column.name().equals(settings.label());
            throw TextFile.problem(
                    file,
                    "must have at most " + ColumnSummary.MOST_LEVELS + (isLabel ? " classes" : " categories")
                            + " in column '" + column.name() + "', got more; "
                            + (isLabel ? "set label(…) to another column" : "ignore(…) the column"));
        } else if (levels.isEmpty()) {
            throw TextFile.problem(
                    file, "must have values in column '" + column.name() + "', got none; ignore(…) the column");
        }
        return levels;
    }

    private TableColumn categorical(ColumnSummary column, Map<String, Long> levels) {
        String name = column.name();
        column.tokens()
                .forEach(
                        (token, count) -> note(name + ": '" + token + "', in " + count + (count == 1 ? " row" : " rows")
                                + ", is a category; missing(\"" + token + "\") makes it a missing value"));
        List<String> sorted = List.copyOf(levels.keySet());
        String often = mostFrequent(levels);
        return switch (sorted.size()) {
            case 1 -> leftOut(column, "all its values are '" + often + "'");
            case 2 -> new FlagColumn(name, sorted.get(0), sorted.get(1), false, often.equals(sorted.get(1)), imputes());
            default -> new CategoricalColumn(name, sorted, often, imputes());
        };
    }

    private TableColumn dates(ColumnSummary column, @Nullable String format) {
        if (format == null) {
            throw TextFile.problem(
                    file,
                    "must have dates of one format in column '" + column.name() + "', got '" + column.textThere()
                            + "' and others; write them like 2024-12-31");
        }
        return new DateColumn(
                column.name(),
                format,
                column.dates().mean(),
                column.dates().deviation(),
                column.dates().hasTimes(),
                imputes());
    }

    /** Says what becomes of missing values, and adds the indicator. */
    private TableColumn withMissing(ColumnSummary column, TableColumn found) {
        long missing = found.isText() ? column.missingTexts() : column.missing();
        if (missing == 0) {
            return found;
        } else if (!imputes()) {
            throw TextFile.problem(
                    file,
                    "must have no missing values, got one in column '" + column.name() + "', row "
                            + column.firstMissing() + "; set an imputation, or ignore the column");
        }
        note(column.name() + ": " + missing + " of " + column.rows() + " values are missing, replaced by "
                + replacementText(found));
        return settings.indicator() ? new IndicatedColumn(found) : found;
    }

    private String replacementText(TableColumn found) {
        float[] features = new float[found.features().size()];
        found.encodeTypical(features, 0);
        String typical = "'" + found.decode(features, 0) + "'";
        if (found instanceof NumericColumn numeric) {
            String name = settings.imputation().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            return "the " + name + ", " + TableColumn.print(numeric.typical(), Math.min(4, numeric.decimals() + 1));
        }
        return (found.isQuantity() ? "the mean, " : "the most frequent, ") + typical;
    }

    /** Returns the column to predict, or null. */
    @Nullable
    TableTarget target(@Nullable ColumnSummary column) {
        if (column == null) {
            return null;
        }
        String name = column.name();
        boolean tokensAreClasses = settings.categorical().contains(name);
        if (column.missing() > 0 && (!tokensAreClasses || column.missingTexts() > 0)) {
            throw TextFile.problem(
                    file,
                    "must have a label in every row, got none in column '" + name + "', row " + column.firstMissing()
                            + "; remove the row"
                            + (column.missingTexts() > 0
                                    ? ""
                                    : ", or declare the column categorical, which makes "
                                            + column.tokens().keySet() + " classes"));
        } else if (column.texts() > 0) {
            if (name.equals(settings.target())) {
                throw TextFile.problem(
                        file,
                        "must have numbers in the target '" + name + "', got '" + column.textThere() + "' in row "
                                + column.firstText() + "; use label(\"" + name + "\") for classes");
            }
            return TableTarget.classes(name, List.copyOf(levels(column).keySet()), null);
        }
        Map<Double, Long> values = column.values();
        if (values != null && areClasses(values) && !name.equals(settings.target())) {
            double[] numbers =
                    values.keySet().stream().mapToDouble(value -> value).toArray();
            return TableTarget.classes(
                    name,
                    values.keySet().stream()
                            .map(value -> TableColumn.print(value, column.decimals()))
                            .toList(),
                    numbers);
        } else if (!name.equals(settings.target())) {
            note(name + ": has many different numbers, so it is a quantity to predict, not a class; categories need"
                    + " categorical(\"" + name + "\")");
        }
        return TableTarget.quantity(name);
    }

    private static boolean areClasses(Map<Double, Long> values) {
        return values.size() <= MOST_CLASSES && values.keySet().stream().allMatch(value -> value == Math.rint(value));
    }
}
