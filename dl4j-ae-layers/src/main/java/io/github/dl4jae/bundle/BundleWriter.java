package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.TableSchema;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;

/**
 * Writes a bundle. Configuration, parameters and updater state have the names and formats of {@code ModelSerializer},
 * so that programs without this package can read them. The same model gives the same bytes.
 */
final class BundleWriter {

    /** Below 4 GiB, beyond which a ZIP file needs the ZIP64 format. */
    private static final long MOST_BYTES = 15L << 28;

    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
    private static final int BUFFER = 1 << 16;

    private final ZipOutputStream zip;
    private final Map<String, Manifest.Entry> entries = new LinkedHashMap<>();

    /** Writes the contents of an entry. */
    @FunctionalInterface
    private interface Contents {

        /** Writes to a stream, which it leaves open. */
        void writeTo(OutputStream out) throws IOException;
    }

    private BundleWriter(ZipOutputStream zip) {
        this.zip = zip;
        zip.setLevel(Deflater.BEST_SPEED);
    }

    static String libraryVersion() {
        String version = ModelBundle.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static Path write(ModelBundle bundle, Path file) {
        String subject = "ModelBundle " + file;
        INDArray parameters = NetworkData.parameters(bundle.network());
        INDArray state = NetworkData.updaterState(bundle.network());
        NetworkData.requireFinite(subject, "parameters", parameters);
        NetworkData.requireFinite(subject, "the updater's state", state);
        Map<String, double[]> arrays = bundle.attachments().arrays();
        long attached = arrays.values().stream()
                .mapToLong(each -> (long) each.length * Double.BYTES)
                .sum();
        long bytes = bytes(parameters) + bytes(state) + attached;
        Require.that(bytes <= MOST_BYTES, subject, "must have at most " + MOST_BYTES + " bytes of arrays", bytes, "");
        return AtomicFile.write(file, part -> {
            try (FileChannel channel = FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    ZipOutputStream zip =
                            new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER))) {
                new BundleWriter(zip).write(bundle, parameters, state);
                zip.finish();
                zip.flush();
                // on disk before the old file is replaced
                channel.force(true);
            }
        });
    }

    private static long bytes(@Nullable INDArray array) {
        return array == null ? 0 : array.length() * array.dataType().width();
    }

    private void write(ModelBundle bundle, @Nullable INDArray parameters, @Nullable INDArray state) throws IOException {
        add(BundleDetails.NAME, bundle.details().toJson().toPrettyString());
        TableSchema schema = bundle.schema();
        if (schema != null) {
            add(BundleReader.SCHEMA, schema.toJson());
        }
        DataNormalization normalizer = bundle.normalizer();
        if (normalizer != null) {
            add(
                    BundleReader.NORMALIZER,
                    NormalizerJson.write("ModelBundle", normalizer).toPrettyString());
        }
        add(BundleReader.CONFIGURATION, NetworkData.configuration(bundle.network()));
        if (parameters != null) {
            store(BundleReader.PARAMETERS, out -> ArrayData.write(parameters, out));
        }
        if (state != null) {
            store(BundleReader.STATE, out -> ArrayData.write(state, out));
        }
        Attachments attachments = bundle.attachments();
        for (Map.Entry<String, String> text : attachments.texts().entrySet()) {
            add(Attachments.textEntry(text.getKey()), text.getValue());
        }
        for (Map.Entry<String, double[]> array : attachments.arrays().entrySet()) {
            double[] values = array.getValue();
            store(Attachments.arrayEntry(array.getKey(), values), out -> Attachments.write(values, out));
        }
        add(
                Manifest.NAME,
                new Manifest(bundle.libraryVersion(), entries).toJson().toPrettyString());
    }

    private void add(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ZipEntry entry = entry(name);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
        entries.put(
                name, new Manifest.Entry(bytes.length, hex(MemberStream.sha256().digest(bytes))));
    }

    /**
     * Adds an array without compression, which would take most of the time and save a tenth of the bytes. The header of
     * such an entry has its CRC-32, so the array is passed over twice. The second pass fails if the network was trained
     * in between.
     */
    private void store(String name, Contents contents) throws IOException {
        Sums sums = new Sums();
        contents.writeTo(sums);
        ZipEntry entry = entry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(sums.size);
        entry.setCrc(sums.crc.getValue());
        zip.putNextEntry(entry);
        contents.writeTo(zip);
        zip.closeEntry();
        entries.put(name, new Manifest.Entry(sums.size, hex(sums.sha.digest())));
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(TIME);
        return entry;
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /** Counts and digests what is written to it. */
    private static final class Sums extends OutputStream {
        private final CRC32 crc = new CRC32();
        private final MessageDigest sha = MemberStream.sha256();
        private long size;

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            crc.update(bytes, offset, length);
            sha.update(bytes, offset, length);
            size += length;
        }
    }
}
