package io.github.dl4jae.examples.support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows of a report with a name and cells, in columns: numbers to the right, text to the left. */
final class ReportTable {

    private static final String GAP = "   ";

    /** The headings of figures, which the console does without. */
    private static final List<String> OF_FIGURES = List.of("figure", "value");

    private final List<String> headings;
    private final boolean isOfFigures;
    private final List<List<String>> rows = new ArrayList<>();

    private ReportTable(List<String> headings, boolean isOfFigures) {
        this.headings = headings;
        this.isOfFigures = isOfFigures;
    }

    /** Returns a table of names and values. */
    static ReportTable ofFigures() {
        return new ReportTable(OF_FIGURES, true);
    }

    /** Returns a table with a heading for each column, including that of the names. */
    static ReportTable of(String... headings) {
        return new ReportTable(List.of(headings), false);
    }

    void add(String name, String... cells) {
        if (cells.length + 1 != headings.size()) {
            throw new IllegalArgumentException("Report: row '" + name + "' must have a cell for each of " + headings
                    + ", got " + (cells.length + 1));
        }
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(Arrays.asList(cells));
        rows.add(row);
    }

    boolean isOfFigures() {
        return isOfFigures;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Returns a line for each of the first rows: the name, and the first cell with its heading. */
    Stream<String> summary() {
        return rows.stream().map(row -> {
            int column = IntStream.range(1, row.size())
                    .filter(i -> !row.get(i).isEmpty())
                    .findFirst()
                    .orElse(0);
            if (isOfFigures) {
                return row.get(0) + ": " + row.get(1);
            }
            String name = isNumber(row.get(0)) ? headings.get(0) + " " + row.get(0) : row.get(0);
            return name + ", " + headings.get(column) + ": " + row.get(column);
        });
    }

    /** Returns the table for a console, a line per row. */
    String text() {
        List<List<String>> lines = new ArrayList<>(rows);
        if (!isOfFigures) {
            lines.add(0, headings);
        }
        int columns = headings.size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            List<String> cells = cells(lines, column);
            widths[column] = cells.stream().mapToInt(String::length).max().orElse(0);
            numbers[column] = column > 0 && isNumbers(column);
        }
        return lines.stream()
                .map(line -> IntStream.range(0, line.size())
                        .mapToObj(column -> pad(line.get(column), widths[column], numbers[column]))
                        .collect(Collectors.joining(GAP, "  ", ""))
                        .stripTrailing())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static List<String> cells(List<List<String>> lines, int column) {
        return lines.stream().map(line -> line.get(column)).toList();
    }

    private static boolean isNumber(String cell) {
        return cell.matches("-?[0-9.]*(e[+-]?[0-9]+)?|NaN");
    }

    private static String pad(String cell, int width, boolean right) {
        String spaces = " ".repeat(width - cell.length());
        return right ? spaces + cell : cell + spaces;
    }

    /** Returns the table as HTML. */
    String html() {
        StringBuilder html = new StringBuilder("<div class=\"scroll\">\n<table>\n<thead>\n<tr>");
        for (int column = 0; column < headings.size(); column++) {
            html.append(cell("th scope=\"col\"", headings.get(column), column > 0 && isNumbers(column)));
        }
        html.append("</tr>\n</thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>").append(cell("th scope=\"row\"", row.get(0), false));
            row.stream().skip(1).forEach(cell -> html.append(cell("td", cell, isNumber(cell))));
            html.append("</tr>\n");
        }
        return html.append("</tbody>\n</table>\n</div>\n").toString();
    }

    private boolean isNumbers(int column) {
        return cells(rows, column).stream().allMatch(ReportTable::isNumber);
    }

    private static String cell(String element, String text, boolean isNumber) {
        return "<" + element + (isNumber ? " class=\"number\">" : ">") + HtmlPage.escape(text) + "</"
                + element.substring(0, 2) + ">";
    }
}
