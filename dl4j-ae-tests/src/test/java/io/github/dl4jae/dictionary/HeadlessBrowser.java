package io.github.dl4jae.dictionary;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium or Chrome on the path, without a window. */
final class HeadlessBrowser {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Path browser;

    private HeadlessBrowser(Path browser) {
        this.browser = browser;
    }

    /** Returns the browser, or skips the test if there is none. */
    static HeadlessBrowser find() {
        Optional<Path> found = NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "This test needs a browser: install one of " + NAMES + " and add it to PATH");
        return new HeadlessBrowser(found.orElseThrow());
    }

    /**
     * Loads a page, runs its scripts and returns its elements.
     *
     * @param page the file
     * @param fragment the part of the address after {@code #}
     * @param directory for the profile of the browser
     */
    String dom(Path page, String fragment, Path directory) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "dom", ".html");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-dev-shm-usage",
                        "--window-size=1280,900",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--virtual-time-budget=10000",
                        "--dump-dom",
                        page.toUri() + "#" + fragment)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("The browser did not finish in 60 seconds");
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
