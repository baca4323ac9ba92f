package io.github.dl4jae.examples.support;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page that needs no other file, no network and no script, with properties in its head that can be read back. */
final class HtmlPage {

    private static final Pattern META = Pattern.compile("<meta name=\"([^\"<>]*)\" content=\"([^\"<>]*)\">");

    private static final String STYLE = """
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1, h2 { line-height: 1.2; overflow-wrap: anywhere; }
            .scroll { overflow: auto hidden; margin: 1.5rem 0; padding: .2rem 0; }
            table { border-collapse: collapse; }
            th, td { text-align: left; vertical-align: baseline; padding: .3rem 1.5rem .3rem 0; }
            th, td { border-bottom: 1px solid #8886; }
            th { font-weight: normal; }
            thead th { vertical-align: bottom; font-size: .9em; opacity: .8; }
            td { font-weight: 600; }
            .number { text-align: right; font-variant-numeric: tabular-nums; }
            figure { margin: 2rem 0; }
            figcaption, time { opacity: .8; }
            img { max-width: 100%; height: auto; }
            math { font-size: 1.2rem; width: max-content; }
            """;

    private HtmlPage() {}

    /**
     * Returns a page.
     *
     * @param title its title, also the first heading
     * @param properties HTML of the head, made by {@link #property}
     * @param body HTML below the heading
     */
    static String of(String title, String properties, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                %s<meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(properties, escape(title), STYLE, escape(title), body);
    }

    /** Returns an element of the head. */
    static String property(String name, String value) {
        return "<meta name=\"" + name + "\" content=\"" + escape(value) + "\">\n";
    }

    /** Reads the properties in the head of a page. The values are escaped; those of a repeated name are lines. */
    static Map<String, String> properties(String head) {
        return META.matcher(head)
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2), (a, b) -> a + "\n" + b));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
