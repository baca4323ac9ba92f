package io.github.dl4jae.examples.support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of a report with a name and cells, printed in columns: numbers to the right, text to the left. */
final class ReportTable {

    private static final String GAP = "   ";

    /** The first row, if it has cells, are headings. */
    private final List<List<String>> rows = new ArrayList<>();

    ReportTable(String... headings) {
        add("", headings);
    }

    void add(String name, String... cells) {
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(Arrays.asList(cells));
        rows.add(row);
    }

    boolean hasHeadings() {
        return rows.get(0).size() > 1;
    }

    private List<List<String>> body() {
        return rows.subList(1, rows.size());
    }

    boolean isEmpty() {
        return body().isEmpty();
    }

    /** Returns the table for a console, a line per row. */
    String text() {
        List<List<String>> lines = hasHeadings() ? rows : body();
        int columns = lines.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            List<String> cells = cells(lines, column);
            widths[column] = cells.stream().mapToInt(String::length).max().orElse(0);
            numbers[column] = column > 0 && cells(body(), column).stream().allMatch(ReportTable::isNumber);
        }
        return lines.stream()
                .map(line -> IntStream.range(0, line.size())
                        .mapToObj(column -> pad(line.get(column), widths[column], numbers[column]))
                        .collect(Collectors.joining(GAP, "  ", ""))
                        .stripTrailing())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static List<String> cells(List<List<String>> lines, int column) {
        return lines.stream()
                .filter(line -> line.size() > column)
                .map(line -> line.get(column))
                .toList();
    }

    private static boolean isNumber(String cell) {
        return cell.matches("-?[0-9.]*|NaN");
    }

    private static String pad(String cell, int width, boolean right) {
        String spaces = " ".repeat(width - cell.length());
        return right ? spaces + cell : cell + spaces;
    }

    /** Returns the table as HTML. */
    String html() {
        StringBuilder html = new StringBuilder("<table>\n");
        if (hasHeadings()) {
            html.append(rows.get(0).stream()
                    .map(heading -> "<th>" + escape(heading) + "</th>")
                    .collect(Collectors.joining("", "<tr>", "</tr>\n")));
        }
        for (List<String> row : body()) {
            html.append("<tr><th>").append(escape(row.get(0))).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        return html.append("</table>\n").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
