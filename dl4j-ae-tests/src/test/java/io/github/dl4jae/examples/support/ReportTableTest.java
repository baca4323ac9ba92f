package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void text_alignsNumbersToTheRightAndTextToTheLeft() {
        ReportTable table = new ReportTable("error", "columns");
        table.add("greedy", "1.5", "c1 c2");
        table.add("no", "12.5", "c1");

        assertThat(table.text().lines())
                .containsExactly(
                        "           error   columns", //
                        "  greedy     1.5   c1 c2",
                        "  no        12.5   c1");
    }

    @Test
    void text_withoutHeadings_hasALinePerFigure() {
        ReportTable table = new ReportTable();
        table.add("test error", "1.500");
        table.add("seed", "42");

        assertThat(table.text().lines()).containsExactly("  test error   1.500", "  seed            42");
    }

    @Test
    void html_escapesNamesAndCells() {
        ReportTable table = new ReportTable("R²");
        table.add("a < b", "\"x\" & y");

        assertThat(table.html()).isEqualTo("""
                <table>
                <tr><th></th><th>R²</th></tr>
                <tr><th>a &lt; b</th><td>&quot;x&quot; &amp; y</td></tr>
                </table>
                """);
    }
}
