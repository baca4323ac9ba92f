package io.github.dl4jae.bundle;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A save that fails leaves the file that was there. */
class FailingSaveTest {

    private static final Path FULL_DEVICE = Path.of("/dev/full");

    @TempDir
    private Path directory;

    private MultiLayerNetwork network;
    private ModelBundle bundle;
    private Path file;
    private byte[] old;

    @BeforeEach
    void saveOldModel() throws IOException {
        network = BundledNetworks.layers();
        bundle = new ModelBundle.Builder(network).codeLayer("code").build();
        file = bundle.save(directory.resolve("model.zip"));
        old = Files.readAllBytes(file);
        network.fit(BundledNetworks.data());
    }

    private void assertOldModelIsIntact() throws IOException {
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
        assertThat(ModelBundle.load(file).multiLayerNetwork().getIterationCount())
                .isEqualTo(network.getIterationCount() - 1);
    }

    /** The temporary file cannot be opened, as in a directory without write permission. */
    @Test
    void fileThatCannotBeOpened_leavesTheOldModel() throws IOException {
        Files.createDirectory(directory.resolve("model.zip.part"));

        assertThatThrownBy(() -> bundle.save(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("model.zip");
        assertOldModelIsIntact();
    }

    static boolean hasFullDevice() {
        return Files.isWritable(FULL_DEVICE);
    }

    /** Writing to {@code /dev/full} fails like writing to a full disk. */
    @Test
    @EnabledIf("hasFullDevice")
    void fullDisk_leavesTheOldModel() throws IOException {
        Files.createSymbolicLink(directory.resolve("model.zip.part"), FULL_DEVICE);

        assertThatThrownBy(() -> bundle.save(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("model.zip")
                .hasRootCauseMessage("No space left on device");
        assertOldModelIsIntact();
    }

    @Test
    void modelThatDiverged_leavesTheOldModel() throws IOException {
        network.params().putScalar(0, Double.POSITIVE_INFINITY);

        assertThatThrownBy(() -> bundle.save(file)).isInstanceOf(IllegalArgumentException.class);
        assertOldModelIsIntact();
    }

    /** What a process leaves that was killed while it wrote. */
    @Test
    void halfWrittenFile_isReplacedByTheNextSave() throws IOException {
        Files.write(directory.resolve("model.zip.part"), new byte[100_000]);
        assertOldModelIsIntact();

        bundle.save(file);

        assertThatArray(ModelBundle.load(file).network().params()).isEqualTo(network.params());
        assertThat(directory.resolve("model.zip.part")).doesNotExist();
    }
}
