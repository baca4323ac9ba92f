package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page {@code index.html} in the directory above reports, which lists the runs there. It is made anew from the
 * reports each time, so that it lists no deleted run.
 *
 * <p>It is written in the default output directory, {@code out}, and wherever there already is one. An
 * {@code index.html} of other origin is left as it is.
 */
final class RunIndex {

    private static final String FILE = "index.html";
    private static final String GENERATOR = "generator";
    private static final String OF_INDEX = "dl4j-ae examples, index";
    private static final String OF_REPORT = "dl4j-ae examples, report";
    private static final String WRITTEN = "dl4j-ae:written";
    private static final String TITLE = "dl4j-ae:title";
    private static final String FIGURE = "dl4j-ae:figure";
    private static final String PICTURE = "dl4j-ae:picture";
    private static final int HEAD = 16_384; // bytes
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** A run: the name of its directory, and the properties of its report. */
    private record Run(String directory, Instant written, Map<String, String> properties) {}

    private RunIndex() {}

    /** Returns the properties of a report that the index shows; a report without pictures has none for them. */
    static String properties(String title, Instant written, Stream<String> figures, Optional<String> picture) {
        return HtmlPage.property(GENERATOR, OF_REPORT)
                + HtmlPage.property(WRITTEN, written.toString())
                + HtmlPage.property(TITLE, title)
                + figures.map(figure -> HtmlPage.property(FIGURE, figure)).collect(Collectors.joining())
                + picture.map(file -> HtmlPage.property(PICTURE, file)).orElse("");
    }

    /**
     * Updates the index above a report, if there is one or should be one.
     *
     * @param report the directory of the report
     * @param defaultParent the directory that gets an index if it has none
     * @return the index, or nothing if none was written
     */
    static Optional<Path> update(Path report, Path defaultParent) {
        Path parent = report.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            return Optional.empty();
        }
        Path index = parent.resolve(FILE);
        boolean isDefault = parent.equals(defaultParent.toAbsolutePath().normalize());
        try {
            if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
                if (!isOurs(index)) {
                    if (isDefault) {
                        System.out.println("Left " + index + " as it is: it is not an index of runs.");
                    }
                    return Optional.empty();
                }
            } else if (!isDefault) {
                return Optional.empty();
            }
            String html = html(runs(parent));
            return Optional.of(AtomicFile.write(index, part -> Files.writeString(part, html)));
        } catch (IOException | UncheckedIOException e) { // such as another run that writes it at the same time
            System.err.println("Left out " + index + ": " + e);
            return Optional.empty();
        }
    }

    private static boolean isOurs(Path index) throws IOException {
        return Files.isRegularFile(index)
                && OF_INDEX.equals(HtmlPage.properties(head(index)).get(GENERATOR));
    }

    private static String head(Path page) throws IOException {
        try (InputStream in = Files.newInputStream(page)) {
            return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
        }
    }

    /** Returns the runs with a report, the newest first. */
    private static List<Run> runs(Path parent) throws IOException {
        List<Run> runs = new ArrayList<>();
        try (Stream<Path> children = Files.list(parent)) {
            for (Path directory : children.toList()) {
                run(directory).ifPresent(runs::add);
            }
        }
        runs.sort(Comparator.comparing(Run::written).reversed().thenComparing(Run::directory));
        return runs;
    }

    private static Optional<Run> run(Path directory) throws IOException {
        Path report = directory.resolve(Report.FILE);
        if (!Files.isRegularFile(report)) {
            return Optional.empty();
        }
        Map<String, String> properties = HtmlPage.properties(head(report));
        if (!OF_REPORT.equals(properties.get(GENERATOR))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Run(
                    directory.getFileName().toString(),
                    Instant.parse(properties.getOrDefault(WRITTEN, "")),
                    properties));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String html(List<Run> runs) {
        String list = runs.stream().map(RunIndex::html).collect(Collectors.joining());
        return HtmlPage.of("Runs of examples", HtmlPage.property(GENERATOR, OF_INDEX), """
                <p>%d %s, the newest first.</p>
                %s""".formatted(
                        runs.size(), runs.size() == 1 ? "report" : "reports", list));
    }

    /** Returns the entry of a run. Its properties are escaped already. */
    private static String html(Run run) {
        String directory = encoded(run.directory);
        String figures = run.properties.getOrDefault(FIGURE, "").lines().collect(Collectors.joining("<br>"));
        String picture = Optional.ofNullable(run.properties.get(PICTURE))
                .map(file -> """
                        <a href="%s/%s"><img alt="" src="%s/%s" loading="lazy" style="max-height: 8rem"></a>
                        """.formatted(directory, Report.FILE, directory, encoded(file)))
                .orElse("");
        return """
                <article>
                <h2><a href="%s/%s">%s</a></h2>
                <p><time datetime="%s">%s</time>, in %s</p>
                <p>%s</p>
                %s</article>
                """.formatted(
                        directory,
                        Report.FILE,
                        run.properties.getOrDefault(TITLE, directory),
                        run.written,
                        MINUTES.format(run.written.atZone(ZoneId.systemDefault())),
                        HtmlPage.escape(run.directory),
                        figures,
                        picture);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
