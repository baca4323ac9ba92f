package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;

/**
 * Reads bundles and the files of {@code ModelSerializer}, in this order: structure of the ZIP file, names, sizes,
 * digests, JSON, class names, network, parameters.
 */
final class BundleReader {

    static final String CONFIGURATION = "configuration.json";
    static final String PARAMETERS = "coefficients.bin";
    static final String STATE = "updaterState.bin";
    static final String SCHEMA = "schema.json";
    static final String NORMALIZER = "normalizer.json";
    /** In files of {@code ModelSerializer}: the network has no parameters. */
    private static final String NO_PARAMETERS = "noParams.marker";

    private static final Set<String> OF_BUNDLE =
            Set.of(Manifest.NAME, BundleDetails.NAME, CONFIGURATION, PARAMETERS, STATE, SCHEMA, NORMALIZER);
    private static final Set<String> OF_MODEL = Set.of(CONFIGURATION, PARAMETERS, STATE, NO_PARAMETERS);
    private static final String UNKNOWN = "unknown";

    private final String subject;
    private final FileChannel channel;
    private final LoadOptions options;
    private final Map<String, ZipMember> members;
    private final Map<String, String> digests = new HashMap<>();

    /** Reads an open file. */
    @FunctionalInterface
    private interface Contents {

        /** Returns what the file has. */
        ModelBundle of(BundleReader reader) throws IOException;
    }

    private BundleReader(String subject, FileChannel channel, LoadOptions options) throws IOException {
        this.subject = subject;
        this.channel = channel;
        this.options = options;
        this.members = ZipDirectory.read(subject, channel);
    }

    static ModelBundle bundle(Path file, LoadOptions options) {
        return read(file, options, BundleReader::bundle);
    }

    static ModelBundle model(Path file, LoadOptions options) {
        return read(file, options, BundleReader::model);
    }

    private static ModelBundle read(Path file, LoadOptions options, Contents contents) {
        Require.given("ModelBundle", "file", file, "");
        Require.given("ModelBundle", "options", options, "");
        String subject = "ModelBundle " + file;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return contents.of(new BundleReader(subject, channel, options));
        } catch (IOException e) {
            throw new UncheckedIOException(subject + " cannot be read", e);
        }
    }

    private ModelBundle bundle() throws IOException {
        Require.that(
                members.containsKey(Manifest.NAME),
                subject,
                "must be a bundle, with " + Manifest.NAME,
                FoundText.quoted(String.join(", ", members.keySet())),
                "ModelBundle.importModel reads files of ModelSerializer");
        requireNames(OF_BUNDLE, "read the file with the version that wrote it");
        requireSizes();
        Manifest manifest = Manifest.read(entry(Manifest.NAME), json(Manifest.NAME));
        manifest.requireEntries(subject, members);
        for (Map.Entry<String, Manifest.Entry> each : manifest.entries().entrySet()) {
            String digest = digest(member(each.getKey()));
            Require.that(
                    digest.equals(each.getValue().sha256()),
                    entry(each.getKey()),
                    "must have the SHA-256 " + FoundText.quoted(each.getValue().sha256()),
                    digest,
                    "the file is damaged; write it again");
        }
        BundleDetails details = BundleDetails.read(entry(BundleDetails.NAME), json(BundleDetails.NAME));
        return assembled(network(), details, schema(), normalizer(), attachments(), manifest.library());
    }

    private ModelBundle model() throws IOException {
        Require.that(
                !members.containsKey(Manifest.NAME),
                subject,
                "must be a file of ModelSerializer",
                "a bundle",
                "read it with ModelBundle.load");
        members.keySet().removeAll(options.ignoredEntries());
        requireNames(
                OF_MODEL,
                "it can run code or name any class, so it is not read; leave it out with"
                        + " LoadOptions.Builder.ignoreEntries, and take its contents from elsewhere");
        requireSizes();
        for (ZipMember each : members.values()) {
            digest(each);
        }
        BundleDetails nothing = new BundleDetails(null, null, null, null, null, List.of(), Map.of());
        return assembled(network(), nothing, null, null, Attachments.NONE, UNKNOWN);
    }

    private String entry(String name) {
        return subject + ": entry '" + name + "'";
    }

    private ZipMember member(String name) {
        return Require.given(subject, "entry '" + name + "'", members.get(name), "");
    }

    private void requireNames(Set<String> known, String remedy) {
        members.keySet()
                .forEach(name -> Require.that(
                        known.contains(name) || (known == OF_BUNDLE && Attachments.isEntry(name)),
                        subject,
                        "must have known entries only",
                        FoundText.quoted(name),
                        remedy));
    }

    private void requireSizes() {
        long sum = 0;
        for (ZipMember each : members.values()) {
            sum += each.size();
            Require.that(
                    !each.name().endsWith(".json") || each.size() <= options.maxJsonBytes(),
                    entry(each.name()),
                    "must have at most " + options.maxJsonBytes() + " bytes",
                    each.size(),
                    "LoadOptions.Builder.maxJsonBytes raises the limit");
        }
        Require.that(
                sum <= options.maxBytes(),
                subject,
                "must have at most " + options.maxBytes() + " bytes, uncompressed",
                sum,
                "LoadOptions.Builder.maxBytes raises the limit");
    }

    /** Reads an entry and returns its SHA-256. */
    private String digest(ZipMember member) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (MemberStream in = new MemberStream(subject, channel, member)) {
            while (in.read(buffer) >= 0) {
                // the stream computes the digest
            }
            String digest = in.finish();
            digests.put(member.name(), digest);
            return digest;
        }
    }

    /** Requires that an entry still is what it was when its digest was computed. */
    private void finish(MemberStream in, String name) throws IOException {
        String digest = in.finish();
        Require.that(
                digest.equals(digests.getOrDefault(name, digest)),
                entry(name),
                "must stay as it is while it is read",
                "other contents",
                "");
    }

    private JsonText json(String name) throws IOException {
        ZipMember member = member(name);
        try (MemberStream in = new MemberStream(subject, channel, member)) {
            byte[] bytes = in.readNBytes((int) member.size());
            finish(in, name);
            return JsonText.of(
                    entry(name), bytes, options.maxJsonBytes(), "LoadOptions.Builder.maxJsonBytes raises the limit");
        }
    }

    private Model network() throws IOException {
        JsonText configuration = json(CONFIGURATION);
        ConfigurationClasses.require(entry(CONFIGURATION), configuration.root(), options.allowedClasses());
        return NetworkData.read(subject, configuration, array(PARAMETERS), array(STATE));
    }

    private NetworkData.@Nullable ArraySource array(String name) {
        ZipMember member = members.get(name);
        return member == null
                ? null
                : length -> {
                    try (MemberStream in = new MemberStream(subject, channel, member)) {
                        INDArray array = ArrayData.read(entry(name), in, member.size(), length);
                        finish(in, name);
                        return array;
                    }
                };
    }

    private @Nullable TableSchema schema() throws IOException {
        if (!members.containsKey(SCHEMA)) {
            return null;
        }
        JsonText json = json(SCHEMA);
        try {
            return TableSchema.fromJson(json.text());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    entry(SCHEMA) + ": must be a schema, got " + FoundText.quoted(String.valueOf(e.getMessage())), e);
        }
    }

    private @Nullable DataNormalization normalizer() throws IOException {
        return members.containsKey(NORMALIZER)
                ? NormalizerJson.read(entry(NORMALIZER), json(NORMALIZER).root())
                : null;
    }

    private Attachments attachments() throws IOException {
        Map<String, double[]> arrays = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (String name : members.keySet()) {
            if (Attachments.isEntry(name) && Attachments.isText(name)) {
                texts.put(Attachments.name(name), json(name).text());
            } else if (Attachments.isEntry(name)) {
                ZipMember member = member(name);
                try (MemberStream in = new MemberStream(subject, channel, member)) {
                    double[] values = Attachments.read(entry(name), name, in, member.size());
                    finish(in, name);
                    Require.that(
                            arrays.put(Attachments.name(name), values) == null,
                            entry(name),
                            "must be the only array of its name",
                            "another",
                            "");
                }
            }
        }
        return new Attachments(arrays, texts);
    }

    private ModelBundle assembled(
            Model network,
            BundleDetails details,
            @Nullable TableSchema schema,
            @Nullable DataNormalization normalizer,
            Attachments attachments,
            String library) {
        try {
            return new ModelBundle(network, details, schema, normalizer, attachments, library);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    subject + ": parts must fit together, got an error: "
                            + FoundText.quoted(String.valueOf(e.getMessage())),
                    e);
        }
    }
}
