package io.github.dl4jae.examples;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.plot.PngFile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Figures and pictures of a run: a table on the console, PNG files, and one self-contained {@code report.html}. */
final class Report {

    private final String title;
    private final String introduction;
    private final Path directory;
    private final Map<String, String> figures = new LinkedHashMap<>();
    private final Map<String, BufferedImage> pictures = new LinkedHashMap<>();
    private final Map<String, String> captions = new LinkedHashMap<>();

    Report(String title, String introduction, Path directory) {
        this.title = title;
        this.introduction = introduction;
        this.directory = directory;
    }

    Report figure(String name, String value) {
        figures.put(name, value);
        return this;
    }

    Report figure(String name, double value) {
        return figure(name, String.format(Locale.ROOT, "%.3f", value));
    }

    /** Draws a picture; one that can't be drawn (charts on a machine without fonts) is left out, and said so. */
    Report picture(String name, String caption, Supplier<BufferedImage> picture) {
        try {
            pictures.put(name, picture.get());
            captions.put(name, caption);
        } catch (IllegalStateException e) {
            System.err.println("Left out " + name + ".png: " + e.getMessage());
        }
        return this;
    }

    /** Prints the figures and writes all files. */
    void write() {
        int width = figures.keySet().stream().mapToInt(String::length).max().orElse(0);
        System.out.println("\n" + title);
        figures.forEach((name, value) -> System.out.printf("  %-" + width + "s  %s%n", name, value));
        pictures.forEach((name, picture) -> PngFile.write(picture, directory.resolve(name + ".png")));
        Path report = AtomicFile.write(directory.resolve("report.html"), part -> Files.writeString(part, html()));
        System.out.println("\nPictures and report: " + report.toAbsolutePath().normalize());
    }

    private String html() {
        StringBuilder rows = new StringBuilder();
        figures.forEach((name, value) ->
                rows.append("<tr><th>%s</th><td>%s</td></tr>%n".formatted(escape(name), escape(value))));
        StringBuilder images = new StringBuilder();
        pictures.forEach((name, picture) -> images.append("""
                <figure>
                <img alt="%s" src="data:image/png;base64,%s">
                <figcaption>%s</figcaption>
                </figure>
                """.formatted(
                escape(name), Base64.getEncoder().encodeToString(PngFile.bytes(picture)), escape(captions.get(name)))));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
                table { border-collapse: collapse; margin: 1.5rem 0; }
                th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid #ddd; font-weight: normal; }
                td { font-variant-numeric: tabular-nums; font-weight: 600; }
                figure { margin: 2rem 0; }
                img { max-width: 100%%; image-rendering: pixelated; }
                figcaption { color: #555; }
                </style>
                </head>
                <body>
                <h1>%s</h1>
                <p>%s</p>
                <table>
                %s</table>
                %s</body>
                </html>
                """.formatted(escape(title), escape(title), escape(introduction), rows, images);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
