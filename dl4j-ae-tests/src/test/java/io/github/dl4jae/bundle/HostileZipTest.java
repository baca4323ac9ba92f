package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose ZIP structure, names, sizes or digests are wrong. */
@Tag("slow")
class HostileZipTest {

    @TempDir
    private Path directory;

    private Map<String, byte[]> entries;

    @BeforeEach
    void saveBundle() throws IOException {
        Path file = new ModelBundle.Builder(BundledNetworks.layers())
                .codeLayer("code")
                .build()
                .save(directory.resolve("good.zip"));
        entries = ZipForge.entries(file);
    }

    private Path forged(Consumer<ZipForge> change) throws IOException {
        ZipForge forge = ZipForge.of(entries);
        change.accept(forge);
        return forge.write(directory.resolve("bad.zip"));
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ModelBundle " + file + ": ")
                .hasMessageContaining(reason);
    }

    @Test
    void forge_thatChangesNothing_isLoaded() throws IOException {
        assertThat(ModelBundle.load(forged(forge -> {})).network().numParams()).isPositive();
    }

    @Test
    void storedEntries_areLoaded() throws IOException {
        Path file = forged(forge -> forge.parts.forEach(part -> {
            part.data = entries.get(part.name);
            part.compressed = part.data.length;
            part.method = 0;
            part.localMethod = 0;
        }));

        assertThat(ModelBundle.load(file).network().numParams()).isPositive();
    }

    private static Arguments change(String reason, Consumer<ZipForge> change) {
        return arguments(reason, change);
    }

    static Stream<Arguments> changes() {
        byte[] more = "more".getBytes(StandardCharsets.US_ASCII);
        return Stream.of(
                change("must end with the end record", forge -> forge.after = more),
                change("must begin where the previous one ends", forge -> forge.before = more),
                change("followed by the next one, got 4 bytes", forge -> forge.beforeDirectory = more),
                change("followed by the next one, got 4 bytes", forge -> forge.parts.get(1).gap = more),
                change("must be valid, without a comment", forge -> forge.parts.get(1).comment = more),
                change("must be there once", forge -> forge.add("bundle.json", more)),
                change("must be there once", forge -> forge.add("bundle.json", more)
                        .rename("manifest.json")),
                change("must have the same name", forge -> forge.parts.get(1).localName = "bundle.jsom"),
                change("must have the same sizes", forge -> forge.parts.get(1).localSize++),
                change("must have the same method", forge -> forge.parts.get(1).localMethod = 0),
                change("must be stored or deflated", forge -> {
                    forge.parts.get(1).localMethod = 12;
                    forge.parts.get(1).method = 12;
                }),
                change("without encryption", forge -> {
                    forge.parts.get(1).localFlags = 1;
                    forge.parts.get(1).flags = 1;
                }),
                change("followed by the next one, got ", forge -> forge.part("coefficients.bin").listed = false),
                change("must have a header", forge -> forge.parts.get(1).present = false),
                change("must have known entries only, got 'more.txt'", forge -> forge.add("more.txt", more)),
                change("'preprocessor.bin'", forge -> forge.add("preprocessor.bin", more)),
                change("must have the CRC-32", forge -> forge.parts.get(1).crc++),
                change("must have the CRC-32", forge -> forge.part("manifest.json").crc++));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void structure_thatIsWrong_isRefused(String reason, Consumer<ZipForge> change) throws IOException {
        assertRefused(forged(change), reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc/passwd", "../bundle.json", "a/../../b", "a\\b", "C:x", "..", ".hidden", "a b", "", "ä"})
    void name_thatIsAPath_isRefused(String name) throws IOException {
        assertRefused(
                forged(forge -> forge.part("bundle.json").rename(name)),
                "names of entries must be plain, without a path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bundle.json", "configuration.json"})
    void requiredEntry_thatIsMissing_isRefused(String name) throws IOException {
        assertRefused(forged(forge -> forge.parts.remove(forge.part(name))), "must have the entry '" + name + "'");
        entries.remove(name);
        ZipForge.sign(entries);
        assertRefused(forged(forge -> {}), "entry '" + name + "' must be given");
    }

    @Test
    void parameters_thatAreMissing_areRefused() throws IOException {
        entries.remove("coefficients.bin");
        ZipForge.sign(entries);

        assertRefused(forged(forge -> {}), "must have the 49 elements of the configuration's network, got no entry");
    }

    @Test
    void manifest_thatIsMissing_isRefused() throws IOException {
        assertRefused(
                forged(forge -> forge.parts.remove(forge.part("manifest.json"))),
                "must be a bundle, with manifest.json");
    }

    @Test
    void contents_thatChanged_areRefused() throws IOException {
        entries.put("bundle.json", "{\"featureNames\":[],\"metrics\":{\"a\":1}}".getBytes(StandardCharsets.UTF_8));

        assertRefused(forged(forge -> {}), "entry 'bundle.json' must have ");
    }

    @Test
    void contentsOfTheSameSize_thatChanged_areRefused() throws IOException {
        byte[] parameters = entries.get("coefficients.bin").clone();
        parameters[parameters.length - 1] ^= 1;
        entries.put("coefficients.bin", parameters);

        assertRefused(forged(forge -> {}), "entry 'coefficients.bin': must have the SHA-256 ");
    }

    /** 300 MB of zeros in 300 kB: the reader stops at the declared size, whatever follows. */
    @Test
    void bomb_isRefused_atItsDeclaredSize() throws IOException {
        byte[] bomb = ZipForge.deflate(new byte[300 << 20]);
        Path understated = forged(forge -> {
            ZipForge.Part part = forge.part("coefficients.bin");
            part.data = bomb;
            part.compressed = bomb.length;
        });
        assertThatThrownBy(() -> ModelBundle.load(understated))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got more; the file is damaged");

        Path declared = forged(forge -> {
            ZipForge.Part part = forge.part("configuration.json");
            part.data = bomb;
            part.compressed = bomb.length;
            part.declare(300 << 20);
        });
        assertRefused(declared, "must have at most 8388608 bytes, got 314572800; LoadOptions.Builder.maxJsonBytes");
    }

    @Test
    void entries_beyondTheLimit_areRefused() throws IOException {
        LoadOptions options = new LoadOptions.Builder().maxBytes(1000).build();

        assertThatThrownBy(() -> ModelBundle.load(directory.resolve("good.zip"), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have at most 1000 bytes, uncompressed, got ")
                .hasMessageContaining("LoadOptions.Builder.maxBytes raises the limit");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 22, 100, 1000})
    void file_thatIsCut_isRefused(int length) throws IOException {
        byte[] bytes = ZipForge.of(entries).bytes();
        byte[] cut = Arrays.copyOf(bytes, length);

        assertRefused(Files.write(directory.resolve("cut.zip"), cut), "must ");
    }

    @Test
    void version_thatIsNewer_isRefused() throws IOException {
        String manifest = new String(entries.get("manifest.json"), StandardCharsets.UTF_8);
        entries.put(
                "manifest.json",
                manifest.replace("\"version\" : 1", "\"version\" : 2").getBytes(StandardCharsets.UTF_8));

        assertRefused(
                forged(forge -> {}), "version must be 1, got 2; read the file with a newer version of the library");
    }

    @Test
    void file_thatDoesNotExist_isAnInputError() {
        Path file = directory.resolve("none.zip");

        assertThatThrownBy(() -> ModelBundle.load(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("ModelBundle " + file + " cannot be read");
        assertThatThrownBy(() -> ModelBundle.load(directory)).isInstanceOf(UncheckedIOException.class);
    }
}
