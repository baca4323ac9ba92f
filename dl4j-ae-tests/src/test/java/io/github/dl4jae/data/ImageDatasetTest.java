package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

@Tag("slow")
class ImageDatasetTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ImageDataset.class)
    void realFiles_areThePublishedOnes(ImageDataset dataset) {
        LabeledImages train = RealImages.images(dataset, true);
        LabeledImages test = RealImages.images(dataset, false);

        assertThat(train.size()).isEqualTo(60_000);
        assertThat(test.size()).isEqualTo(10_000);
        assertThat(test).hasToString(dataset.directoryName() + " (10000 images of 28×28, 10 classes)");
    }

    @Test
    void mnist_beginsWithTheDigitsThatEveryoneKnows() {
        assertThat(RealImages.mnistTrain().first(5).labels()).containsExactly(5, 0, 4, 1, 9);
        // mean gray of the 60,000: 33.318421… of 255, 0.1306604762738429 in many a tutorial
        assertThat(RealImages.mnistTrain()
                        .first(60_000)
                        .features()
                        .castTo(DataType.DOUBLE)
                        .meanNumber()
                        .doubleValue())
                .isCloseTo(0.1306604762738429, within(1e-7));
    }

    @Test
    void missingFiles_withoutDownload_areNamedWithTheirPlace() {
        assertThatThrownBy(() -> ImageDataset.MNIST.train(DataDirectory.of(folder)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MNIST: train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz must be in "
                        + folder.resolve("mnist"))
                .hasMessageContaining("-Ddl4jae.data")
                .hasMessageContaining("DL4JAE_DATA");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void wrongContents_underTheRightName_areRefusedAndKept() throws IOException {
        Path file = folder.resolve("mnist/t10k-labels-idx1-ubyte");
        Files.createDirectories(file.getParent());
        byte[] zeros = new byte[8 + 10_000];
        System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0x27, 0x10}, 0, zeros, 0, 8);
        Files.write(file, zeros);
        Files.write(folder.resolve("mnist/t10k-images-idx3-ubyte"), new byte[16]);

        assertThatThrownBy(() -> ImageDataset.MNIST.test(DataDirectory.of(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("MD5 of the uncompressed bytes 27ae3e4e09519cfbb04c329615203637");
        assertThat(file).hasBinaryContent(zeros);
    }

    @Test
    void mirror_ofFiles_isCopiedCheckedAndReported() throws IOException {
        RealImages.mnistTest(); // skips where there are no real images
        Path source = DataDirectory.find().path();
        System.setProperty("dl4jae.download", "true");
        System.setProperty("dl4jae.mirrors", folder.resolve("nothing-here").toUri() + ", " + source.toUri());
        List<String> progress = new ArrayList<>();
        DataDirectory target = DataDirectory.of(folder.resolve("data")).onDownload((file, received, total) -> {
            if (received == total) {
                progress.add(file);
            }
        });

        assertThat(ImageDataset.MNIST.test(target).size()).isEqualTo(10_000);
        assertThat(progress).containsExactly("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
        assertThat(folder.resolve("data/mnist"))
                .isDirectoryNotContaining("glob:**.part")
                .isDirectoryContaining("glob:**t10k-images-idx3-ubyte.gz");
    }

    @Test
    void mirror_thatIsNeitherHttpsNorFile_isRefused() {
        System.setProperty("dl4jae.download", "true");
        System.setProperty("dl4jae.mirrors", "http://example.org/data");

        assertThatThrownBy(() -> ImageDataset.MNIST.test(DataDirectory.of(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every address must begin with https:// or file:, got 'http://example.org/data'");
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private static URI address(HttpServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static HttpHandler answerOf(byte[] contents) {
        return exchange -> {
            exchange.sendResponseHeaders(200, contents.length);
            exchange.getResponseBody().write(contents);
            exchange.close();
        };
    }

    /** What a server on this machine answers; the public addresses are HTTPS only. */
    @Test
    void servers_thatFailOrSendRubbish_areAllNamed_andNothingIsLeft() throws IOException {
        System.setProperty("dl4jae.download", "true");
        HttpServer server = server();
        server.createContext("/missing/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.createContext("/rubbish/", answerOf("<html>please log in</html>".getBytes(StandardCharsets.UTF_8)));
        server.start();
        try {
            IdxDownloader downloader = new IdxDownloader(
                    "TEST",
                    List.of(address(server, "/missing/"), address(server, "/rubbish/")),
                    (file, received, total) -> {});
            PublishedFile file = new PublishedFile("labels", new int[] {3}, "0");

            assertThatThrownBy(() -> downloader.download(List.of(file), folder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("/missing/labels.gz (java.io.IOException: HTTP status 404)")
                    .hasMessageContaining("/rubbish/labels.gz")
                    .hasMessageContaining("got an error at byte 0");
        } finally {
            server.stop(0);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void server_thatStalls_isGivenUp_andTheNextIsAsked() throws IOException {
        System.setProperty("dl4jae.download", "true");
        byte[] contents = IdxFileTest.gzip(new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9});
        PublishedFile file = new PublishedFile(
                "labels",
                new int[] {3},
                IdxFile.read(Files.write(folder.resolve("x.gz"), contents), 1).md5());
        CountDownLatch over = new CountDownLatch(1);
        HttpServer server = server();
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/stalls/", exchange -> {
            exchange.sendResponseHeaders(200, contents.length);
            exchange.getResponseBody().write(contents, 0, 5);
            exchange.getResponseBody().flush();
            awaitQuietly(over);
            exchange.close();
        });
        server.createContext("/has/", answerOf(contents));
        server.start();
        try {
            List<URI> mirrors = List.of(address(server, "/stalls/"), address(server, "/has/"));

            new IdxDownloader("TEST", mirrors, (name, received, total) -> {}, Duration.ofMillis(300))
                    .download(List.of(file), folder);

            assertThat(file.read(folder).values()).containsExactly(7, 8, 9);
        } finally {
            over.countDown();
            server.stop(0);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void server_thatHasTheFile_isUsed() throws IOException {
        System.setProperty("dl4jae.download", "true");
        byte[] contents = IdxFileTest.gzip(new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9});
        HttpServer server = server();
        server.createContext("/", answerOf(contents));
        server.start();
        try {
            PublishedFile file = new PublishedFile("labels", new int[] {3}, "bba3a1d5e43c3e9bd2e9ce0a2a3e2d0a");
            PublishedFile known = new PublishedFile(
                    "labels",
                    new int[] {3},
                    IdxFile.read(Files.write(folder.resolve("x.gz"), contents), 1)
                            .md5());

            new IdxDownloader("TEST", List.of(address(server, "/")), (name, received, total) -> {})
                    .download(List.of(known), folder);

            assertThat(known.read(folder).values()).containsExactly(7, 8, 9);
            assertThatThrownBy(() -> file.read(folder))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be the published labels");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void directory_isTheOneSetByTheProperty() {
        System.setProperty(DataDirectory.PROPERTY, folder.toString());

        assertThat(DataDirectory.find().path()).isEqualTo(folder.toAbsolutePath());
        assertThat(DataDirectory.isConfigured()).isTrue();
    }
}
