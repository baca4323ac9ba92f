package io.github.dl4jae.plot;

import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;

/** The labels below the bars of a histogram, which must be distinct and fit. */
final class BarLabels {

    /** The approximate width of a plot in pixels. */
    static final int PLOT = 250;

    private static final int GAP = 4;
    private static final int WIDEST = 76; // XChart leaves out turned labels that reach beyond the picture

    private BarLabels() {}

    /** Returns a label for each category, and turns them if they are wider than their bars. */
    static List<String> ofCategories(List<String> categories, CategoryStyler styler) {
        Font font = styler.getAxisTickLabelsFont();
        int room = PLOT / categories.size() - GAP;
        List<String> labels = distinct(categories.stream()
                .map(category -> shortened(category, Math.max(room, WIDEST), font))
                .toList());
        if (widest(labels, font) > room) {
            styler.setXAxisLabelRotation(40);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
        return labels;
    }

    /** Returns labels of which as many are blank as is necessary for the others. */
    static List<String> ofNumbers(List<String> numbers, CategoryStyler styler) {
        int room = PLOT / numbers.size();
        return everyNth((widest(numbers, styler.getAxisTickLabelsFont()) + 12) / room + 1, numbers);
    }

    private static int widest(List<String> labels, Font font) {
        return labels.stream()
                .mapToInt(label -> ChartStyle.width(label, font))
                .max()
                .orElseThrow();
    }

    /** Replaces the middle of a wide label by an ellipsis. */
    private static String shortened(String category, int most, Font font) {
        String label = category.isBlank() ? "(none)" : category;
        for (int kept = category.length() - 1; kept > 1 && ChartStyle.width(label, font) > most; kept--) {
            label = category.substring(0, kept / 2) + "…" + category.substring(category.length() - (kept + 1) / 2);
        }
        return label;
    }

    /**
     * Leaves every n-th label and makes the others blank. The chart requires distinct labels, and makes room for the
     * longest: blanks are four spaces of two kinds, and the others end in spaces.
     */
    private static List<String> everyNth(int n, List<String> labels) {
        int first = (labels.size() - 1) % n / 2;
        return IntStream.range(0, labels.size())
                .mapToObj(i -> i % n == first
                        ? labels.get(i) + "    "
                        : Integer.toBinaryString(16 + i)
                                .substring(1)
                                .replace('0', ' ')
                                .replace('1', '\u00a0'))
                .toList();
    }

    /** Makes labels distinct, as the chart requires, by spaces. */
    private static List<String> distinct(List<String> labels) {
        List<String> distinct = new ArrayList<>();
        for (String label : labels) {
            String free = label;
            while (distinct.contains(free)) {
                free += " ";
            }
            distinct.add(free);
        }
        return distinct;
    }
}
