package io.github.dl4jae.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of columns. Columns without a name get one by their position, and repeated names are numbered.
 *
 * <p>Rows can have one value more than there are names: the names of rows come first, which R writes without a heading.
 * If the last value is empty, a delimiter ends every row.
 */
final class ColumnNames {

    private ColumnNames() {}

    static List<String> of(Path file, TableFormat format) {
        return of(TableRows.firstLines(file, format), format);
    }

    /** Returns the names of the columns of a table with these first lines. */
    static List<String> of(List<List<String>> lines, TableFormat format) {
        List<String> first = lines.get(0);
        if (!format.header()) {
            return numbered(first.size());
        } else if (lines.size() < 2 || lines.get(1).size() != first.size() + 1) {
            return distinct(first);
        }
        List<String> headings = new ArrayList<>(first);
        boolean delimiterAtTheEnd = lines.get(1).get(first.size()).isEmpty();
        headings.add(delimiterAtTheEnd ? first.size() : 0, "");
        return distinct(headings);
    }

    private static List<String> numbered(int count) {
        List<String> names = new ArrayList<>();
        for (int j = 1; j <= count; j++) {
            names.add("column" + j);
        }
        return names;
    }

    private static List<String> distinct(List<String> headings) {
        Set<String> taken = new HashSet<>(headings);
        Set<String> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (String heading : headings) {
            String base = heading.isEmpty() ? "column" + (names.size() + 1) : heading;
            String name = base;
            for (int i = 2; seen.contains(name) || (!name.equals(heading) && taken.contains(name)); i++) {
                name = base + "_" + i;
            }
            seen.add(name);
            names.add(name);
        }
        return names;
    }
}
