package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.plot.PngFile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The results of a run: tables on the console, PNG files, and one self-contained {@code report.html}. */
public final class Report {

    private final String title;
    private final String introduction;
    private final Path directory;
    private final List<ReportTable> tables = new ArrayList<>(List.of(new ReportTable()));
    private final Map<String, BufferedImage> pictures = new LinkedHashMap<>();
    private final Map<String, String> captions = new LinkedHashMap<>();

    /**
     * Creates a report without rows.
     *
     * @param title a line
     * @param introduction what was measured, with units
     * @param directory directory of the files
     */
    public Report(String title, String introduction, Path directory) {
        this.title = title;
        this.introduction = introduction;
        this.directory = directory;
    }

    /**
     * Adds a table, to which the rows that follow belong.
     *
     * @param headings of the columns after the first, which holds the names of the rows
     * @return this report
     */
    public Report table(String... headings) {
        tables.add(new ReportTable(headings));
        return this;
    }

    /**
     * Adds a row to the current table.
     *
     * @param name the first cell
     * @param cells the other cells
     * @return this report
     */
    public Report row(String name, String... cells) {
        current().add(name, cells);
        return this;
    }

    private ReportTable current() {
        return tables.get(tables.size() - 1);
    }

    /**
     * Adds a figure below the tables so far.
     *
     * @param name its name
     * @param value its value, with the unit if the name has none
     * @return this report
     */
    public Report figure(String name, String value) {
        if (current().hasHeadings()) {
            table();
        }
        return row(name, value);
    }

    /**
     * Adds a figure with three decimals.
     *
     * @param name its name, with the unit
     * @param value its value
     * @return this report
     */
    public Report figure(String name, double value) {
        return figure(name, decimals(3, value));
    }

    /**
     * Adds a count.
     *
     * @param name its name
     * @param value its value
     * @return this report
     */
    public Report count(String name, long value) {
        return figure(name, Long.toString(value));
    }

    /**
     * Formats a number for a row.
     *
     * @param decimals digits after the point
     * @param value the number
     * @return its text in every locale
     */
    public static String decimals(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /**
     * Adds a picture, or prints why it is left out: charts need fonts, which some machines lack.
     *
     * @param name file name without {@code .png}
     * @param caption a sentence for the report
     * @param picture draws it
     * @return this report
     */
    public Report picture(String name, String caption, Supplier<BufferedImage> picture) {
        try {
            pictures.put(name, picture.get());
            captions.put(name, caption);
        } catch (IllegalStateException e) {
            System.err.println("Left out " + name + ".png: " + e.getMessage());
        }
        return this;
    }

    /**
     * Adds a picture with a row of images for each array.
     *
     * @param name file name without {@code .png}
     * @param caption a sentence for the report
     * @param rows images of 28×28 pixels, {@code [images, 784]}; the first 20 of each array are drawn
     * @return this report
     */
    public Report images(String name, String caption, INDArray... rows) {
        return picture(name, caption, () -> {
            ImageGrid grid = ImageGrid.of(28, 28);
            for (INDArray row : rows) {
                grid.row(first(20, row));
            }
            return grid.draw();
        });
    }

    /**
     * Adds a picture of weights, each on its own scale.
     *
     * @param name file name without {@code .png}
     * @param caption a sentence for the report
     * @param weights weights of 28×28 pixels, {@code [units, 784]}; those of the first 200 units are drawn
     * @return this report
     */
    public Report filters(String name, String caption, INDArray weights) {
        return picture(name, caption, () -> ImageGrid.of(28, 28)
                .columns(20)
                .eachOnItsOwnScale()
                .images(first(200, weights))
                .draw());
    }

    private static INDArray first(int count, INDArray images) {
        return images.get(NDArrayIndex.interval(0, Math.min(count, images.size(0))), NDArrayIndex.all());
    }

    /**
     * Adds the training time and a picture of the scores.
     *
     * @param score the name of the score, with its unit
     * @param curve the scores by epoch
     * @param validation what the validation score is
     * @return this report
     */
    public Report training(String score, LearningCurve curve, String validation) {
        return figure("training time in seconds", curve.seconds())
                .picture("curve", score + " during training.", () -> new CurvePlot(title, "epoch", score)
                        .curve("training", curve.train())
                        .curve(validation, curve.validation())
                        .draw());
    }

    /** Prints the tables and writes all files. */
    public void write() {
        System.out.println("\n" + title);
        tables.stream().filter(table -> !table.isEmpty()).forEach(table -> System.out.println(table.text()));
        pictures.forEach((name, picture) -> PngFile.write(picture, directory.resolve(name + ".png")));
        Path report = AtomicFile.write(directory.resolve("report.html"), part -> Files.writeString(part, html()));
        System.out.println("\nPictures and report: " + report.toAbsolutePath().normalize());
    }

    private String html() {
        String rows = tables.stream()
                .filter(table -> !table.isEmpty())
                .map(ReportTable::html)
                .collect(Collectors.joining());
        StringBuilder images = new StringBuilder();
        pictures.forEach((name, picture) -> images.append("""
                <figure>
                <img alt="%s" src="data:image/png;base64,%s">
                <figcaption>%s</figcaption>
                </figure>
                """.formatted(
                        ReportTable.escape(name),
                        Base64.getEncoder().encodeToString(PngFile.bytes(picture)),
                        ReportTable.escape(captions.get(name)))));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                body {
                  font: 16px/1.5 system-ui, sans-serif;
                  max-width: 60rem;
                  margin: 2rem auto;
                  padding: 0 1rem;
                  color: #222;
                }
                table { border-collapse: collapse; margin: 1.5rem 0; }
                th, td {
                  text-align: left;
                  padding: .3rem 1.5rem .3rem 0;
                  border-bottom: 1px solid #ddd;
                  font-weight: normal;
                }
                td { font-variant-numeric: tabular-nums; font-weight: 600; }
                figure { margin: 2rem 0; }
                img { max-width: 100%%; image-rendering: pixelated; }
                figcaption { color: #555; }
                </style>
                </head>
                <body>
                <h1>%s</h1>
                <p>%s</p>
                %s%s</body>
                </html>
                """.formatted(
                ReportTable.escape(title), ReportTable.escape(title), ReportTable.escape(introduction), rows, images);
    }
}
