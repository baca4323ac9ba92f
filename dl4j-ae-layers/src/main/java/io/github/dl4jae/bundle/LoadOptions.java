package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Limits and exceptions for {@link ModelBundle#load} and {@link ModelBundle#importModel}.
 *
 * <pre>{@code
 * LoadOptions options = new LoadOptions.Builder()
 *         .maxBytes(4L << 30)                          // a model of up to 4 GB
 *         .allowClasses("com.example.MyLayer")         // a layer of your own
 *         .build();
 * ModelBundle bundle = ModelBundle.load(file, options);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class LoadOptions {

    private static final String SUBJECT = "LoadOptions";

    private final long maxBytes;
    private final int maxJsonBytes;
    private final Set<String> allowedClasses;
    private final Set<String> ignoredEntries;

    private LoadOptions(Builder builder) {
        this.maxBytes = builder.maxBytes;
        this.maxJsonBytes = builder.maxJsonBytes;
        this.allowedClasses = Set.copyOf(builder.allowedClasses);
        this.ignoredEntries = Set.copyOf(builder.ignoredEntries);
    }

    /**
     * Returns the defaults: 1 GiB per file, 8 MiB per JSON entry, no further classes, no ignored entries.
     *
     * @return the options of {@code load(file)}
     */
    public static LoadOptions defaults() {
        return new Builder().build();
    }

    /**
     * Returns the limit of all entries together.
     *
     * @return uncompressed bytes
     */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Returns the limit of a JSON entry.
     *
     * @return uncompressed bytes
     */
    public int maxJsonBytes() {
        return maxJsonBytes;
    }

    /**
     * Returns the classes that a configuration can name beside those of Deeplearning4j and this library.
     *
     * @return full names
     */
    public Set<String> allowedClasses() {
        return allowedClasses;
    }

    /**
     * Returns the entries of a {@code ModelSerializer} file to leave unread.
     *
     * @return names
     */
    public Set<String> ignoredEntries() {
        return ignoredEntries;
    }

    @Override
    public String toString() {
        return SUBJECT + "(maxBytes=" + maxBytes + ", maxJsonBytes=" + maxJsonBytes + ", allowedClasses="
                + new TreeSet<>(allowedClasses) + ", ignoredEntries=" + new TreeSet<>(ignoredEntries) + ")";
    }

    /** Builds {@link LoadOptions}. */
    public static final class Builder {

        private long maxBytes = 1L << 30;
        private int maxJsonBytes = 8 << 20;
        private final Set<String> allowedClasses = new TreeSet<>();
        private final Set<String> ignoredEntries = new TreeSet<>();

        /** Starts with the defaults. */
        public Builder() {}

        /**
         * Limits the uncompressed size of all entries together. Default: 1 GiB.
         *
         * @param bytes a positive number
         * @return this
         */
        public Builder maxBytes(long bytes) {
            Require.that(bytes > 0, SUBJECT, "maxBytes must be above 0", bytes, "");
            this.maxBytes = bytes;
            return this;
        }

        /**
         * Limits the uncompressed size of each JSON entry. Reading one takes up to 20 bytes of heap for each
         * byte.
         * Default: 8 MiB.
         *
         * @param bytes a positive number
         * @return this
         */
        public Builder maxJsonBytes(int bytes) {
            this.maxJsonBytes = Require.atLeast(1, SUBJECT, "maxJsonBytes", bytes, "");
            return this;
        }

        /**
         * Allows a configuration to name classes of your own, such as layers or activations. A file can set their
         * properties to any values.
         *
         * @param names full class names, as {@code Class.getName()} returns them
         * @return this
         */
        public Builder allowClasses(String... names) {
            for (String name : names) {
                allowedClasses.add(Require.given(SUBJECT, "a class name", name, ""));
            }
            return this;
        }

        /**
         * Leaves entries of a {@code ModelSerializer} file unread, such as {@code normalizer.bin}. Without the
         * normalizer, the model must get inputs that are normalized in the same way. Bundles have no such entries.
         *
         * @param names names of entries
         * @return this
         */
        public Builder ignoreEntries(String... names) {
            Arrays.stream(names)
                    .map(name -> Require.given(SUBJECT, "the name of an entry", name, ""))
                    .forEach(ignoredEntries::add);
            return this;
        }

        /**
         * Builds the options.
         *
         * @return immutable options
         */
        public LoadOptions build() {
            return new LoadOptions(this);
        }
    }
}
