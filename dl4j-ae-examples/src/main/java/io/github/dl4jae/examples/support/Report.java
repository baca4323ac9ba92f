package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.plot.PngFile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The results of a run: tables on the console, PNG files, and one self-contained {@code report.html}.
 *
 * <p>The page {@code index.html} of the default output directory, {@code out}, lists the reports in its subdirectories.
 * Another directory with such a page gets a new one too; any other {@code index.html} is left as it is.
 */
public final class Report {

    static final String FILE = "report.html";

    private static final Path DEFAULT_PARENT = Path.of("out");
    private static final int FIGURES_IN_INDEX = 3;
    private static final int IMAGES_PER_ROW = 15; // as wide as the page

    private final String title;
    private final String introduction;
    private final Path directory;
    private final StringBuilder formulas = new StringBuilder();
    private final List<ReportTable> tables = new ArrayList<>(List.of(ReportTable.ofFigures()));
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
     * Adds a formula above the tables.
     *
     * @param name the name of a resource in MathML, {@code formulas/NAME.mathml}
     * @param meaning a sentence such as what is minimized and what its symbols are
     * @return this report
     */
    public Report formula(String name, String meaning) {
        formulas.append("""
                <figure>
                <div class="scroll">%s</div>
                <figcaption>%s</figcaption>
                </figure>
                """.formatted(Formula.named(name), HtmlPage.escape(meaning)));
        return this;
    }

    /**
     * Adds a table, to which the rows that follow belong.
     *
     * @param headings the headings of all columns, with units; the first is that of the names of the rows
     * @return this report
     */
    public Report table(String... headings) {
        tables.add(ReportTable.of(headings));
        return this;
    }

    /**
     * Adds a row to the current table.
     *
     * @param name the first cell
     * @param cells the other cells; an empty one where there is no value
     * @return this report
     * @throws IllegalArgumentException if there is not one cell for each heading
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
        if (!current().isOfFigures()) {
            tables.add(ReportTable.ofFigures());
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
     * Adds the training time.
     *
     * @param seconds its value
     * @return this report
     */
    public Report trainingTime(double seconds) {
        return figure("training time in seconds", decimals(1, seconds));
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
     * Adds a picture with rows of images.
     *
     * @param name file name without {@code .png}
     * @param caption a sentence for the report
     * @param rows the rows, from the top; the first 15 images of each are drawn
     * @return this report
     */
    public Report images(String name, String caption, ImageRow... rows) {
        return picture(name, caption, () -> {
            ImageGrid labeled = ImageGrid.of(28, 28);
            ImageGrid plain = ImageGrid.of(28, 28);
            for (ImageRow row : rows) {
                INDArray images = first(IMAGES_PER_ROW, row.images());
                labeled.row(row.label(), images);
                plain.row(images);
            }
            try {
                return labeled.draw();
            } catch (IllegalStateException e) {
                System.err.println("Left out the labels of " + name + ".png: " + e.getMessage());
                return plain.draw();
            }
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
        return trainingTime(curve.seconds())
                .picture("curve", score + " during training.", () -> new CurvePlot(title, "epoch", score)
                        .curve("training", curve.train())
                        .curve(validation, curve.validation())
                        .draw());
    }

    /** Prints the tables, writes all files, and updates the index of runs. */
    public void write() {
        System.out.println("\n" + title);
        System.out.println(tables().map(ReportTable::text).collect(Collectors.joining("\n\n")));
        pictures.forEach((name, picture) -> PngFile.write(picture, directory.resolve(name + ".png")));
        Path report = AtomicFile.write(directory.resolve(FILE), part -> Files.writeString(part, html()));
        System.out.println("\nPictures and report: " + report.toAbsolutePath().normalize());
        RunIndex.update(directory, DEFAULT_PARENT).ifPresent(index -> System.out.println("All runs: " + index));
    }

    private Stream<ReportTable> tables() {
        return tables.stream().filter(table -> !table.isEmpty());
    }

    private String html() {
        String properties = RunIndex.properties(
                title,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                tables().flatMap(ReportTable::summary).limit(FIGURES_IN_INDEX),
                pictures.keySet().stream().findFirst().map(name -> name + ".png"));
        String rows = tables().map(ReportTable::html).collect(Collectors.joining());
        StringBuilder images = new StringBuilder();
        pictures.forEach((name, picture) -> images.append("""
                <figure>
                <img alt="%s" width="%d" height="%d" src="data:image/png;base64,%s">
                <figcaption>%s</figcaption>
                </figure>
                """.formatted(
                        HtmlPage.escape(name),
                        picture.getWidth(),
                        picture.getHeight(),
                        Base64.getEncoder().encodeToString(PngFile.bytes(picture)),
                        HtmlPage.escape(captions.get(name)))));
        return HtmlPage.of(
                title, properties, "<p>" + HtmlPage.escape(introduction) + "</p>\n" + formulas + rows + images);
    }
}
