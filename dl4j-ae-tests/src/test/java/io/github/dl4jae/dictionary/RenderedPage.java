package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The elements of a page after its scripts.
 *
 * @param dom as HTML, without the scripts and their data
 */
record RenderedPage(String dom) {

    RenderedPage {
        dom = dom.replaceAll("(?s)<script.*?</script>", "");
    }

    private List<MatchResult> find(String pattern) {
        return Pattern.compile(pattern).matcher(dom).results().toList();
    }

    private List<Integer> numbers(String pattern) {
        return find(pattern).stream().map(match -> Integer.valueOf(match.group(1))).toList();
    }

    /** Returns the line that counts the features. */
    String count() {
        return find("id=\"count\"[^>]*>([^<]*)<").get(0).group(1);
    }

    /** Returns the features in the visible part of the list, from the top. */
    List<Integer> rows() {
        List<MatchResult> rows = new ArrayList<>(find("data-feature=\"(\\d+)\"[^>]*aria-posinset=\"(\\d+)\""));
        rows.sort((a, b) -> Integer.compare(Integer.parseInt(a.group(2)), Integer.parseInt(b.group(2))));
        return rows.stream().map(match -> Integer.valueOf(match.group(1))).toList();
    }

    /** Returns the feature that is shown. */
    int feature() {
        return numbers("<main[^>]*data-feature=\"(\\d+)\"").get(0);
    }

    /** Returns the feature that is selected in the list. */
    int selected() {
        return numbers("data-feature=\"(\\d+)\"[^>]*aria-selected=\"true\"").get(0);
    }

    /** Returns the examples of a band of the feature that is shown. */
    List<Integer> examples(String band) {
        String from = dom.substring(dom.indexOf("data-band=\"" + band + "\""));
        String one = from.substring(0, Math.max(from.indexOf("class=\"band"), from.indexOf("</section>")));
        int next = from.indexOf("class=\"band\"");
        String of = next > 0 ? from.substring(0, next) : one;
        return Pattern.compile("data-example=\"(\\d+)\"")
                .matcher(of)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }

    int canvases() {
        return find("<canvas").size();
    }

    int drawnCanvases() {
        return find("<canvas[^>]*data-drawn=\"true\"").size();
    }

    /** Returns the text without markup. */
    String text() {
        return dom.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
    }
}
