package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void text_alignsNumbersToTheRightAndTextToTheLeft() {
        ReportTable table = ReportTable.of("method", "error", "columns");
        table.add("greedy", "1.5", "c1 c2");
        table.add("no", "12.5", "c1");

        assertThat(table.text().lines())
                .containsExactly(
                        "  method   error   columns", //
                        "  greedy     1.5   c1 c2",
                        "  no        12.5   c1");
    }

    @Test
    void text_ofFigures_hasALinePerFigure() {
        ReportTable table = ReportTable.ofFigures();
        table.add("test error", "1.500");
        table.add("seed", "42");

        assertThat(table.text().lines()).containsExactly("  test error   1.500", "  seed            42");
    }

    @Test
    void text_alignsMissingValuesAndPowersOfTenWithNumbers() {
        ReportTable table = ReportTable.of("method", "error");
        table.add("a", "");
        table.add("b", "1.2e-05");
        table.add("c", "NaN");
        table.add("d", "-1");

        assertThat(table.text().lines())
                .containsExactly(
                        "  method     error", "  a", "  b        1.2e-05", "  c            NaN", "  d             -1");
    }

    @Test
    void html_escapesNamesAndCells() {
        ReportTable table = ReportTable.of("method", "R²", "columns");
        table.add("a < b", "0.5", "\"x\" & y");

        assertThat(table.html()).isEqualTo("""
                <div class="scroll">
                <table>
                <thead>
                <tr><th scope="col">method</th><th scope="col" class="number">R²</th><th scope="col">columns</th></tr>
                </thead>
                <tbody>
                <tr><th scope="row">a &lt; b</th><td class="number">0.5</td><td>&quot;x&quot; &amp; y</td></tr>
                </tbody>
                </table>
                </div>
                """);
    }

    @Test
    void row_withoutACellForEachHeading_isRefused() {
        ReportTable table = ReportTable.of("method", "R²");

        assertThatThrownBy(() -> table.add("a", "1", "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 'a' must have a cell for each of [method, R²], got 3");
    }

    @Test
    void summary_namesTheFirstValueOfEachRow() {
        ReportTable table = ReportTable.of("method", "published", "measured");
        table.add("a", "", "1.5");
        table.add("10", "2", "3");
        ReportTable figures = ReportTable.ofFigures();
        figures.add("seed", "42");

        assertThat(table.summary()).containsExactly("a, measured: 1.5", "method 10, published: 2");
        assertThat(figures.summary()).containsExactly("seed: 42");
    }
}
