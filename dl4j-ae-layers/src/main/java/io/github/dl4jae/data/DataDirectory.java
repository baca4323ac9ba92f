package io.github.dl4jae.data;

import java.nio.file.Path;

/**
 * The directory that data sets lie in, a subdirectory each ({@code mnist}, {@code fashion-mnist}).
 *
 * <p>It is, in this order: what the program names, the system property {@code dl4jae.data}, the environment variable
 * {@code DL4JAE_DATA}, {@code .cache/dl4j-ae} in the user's home directory. Files that are missing are downloaded into it,
 * unless the system property {@code dl4jae.download} is {@code false}.
 *
 * @param path the directory; it need not exist yet
 * @param listener follows downloads
 */
public record DataDirectory(Path path, DownloadListener listener) {

    /** The system property that names the directory. */
    public static final String PROPERTY = "dl4jae.data";

    /** The environment variable that names the directory where the system property does not. */
    public static final String VARIABLE = "DL4JAE_DATA";

    /**
     * The directory that the user has set, or the cache in the home directory.
     *
     * @return never null
     */
    public static DataDirectory find() {
        String named = configured();
        return of(named == null ? Path.of(System.getProperty("user.home"), ".cache", "dl4j-ae") : Path.of(named));
    }

    /**
     * A directory that the program names.
     *
     * @param path the directory; it need not exist yet
     * @return downloads into it go unreported
     */
    public static DataDirectory of(Path path) {
        return new DataDirectory(path.toAbsolutePath().normalize(), (file, received, total) -> {});
    }

    /**
     * Whether system property or environment variable name a directory.
     *
     * @return false if {@link #find} falls back on the cache in the home directory
     */
    public static boolean isConfigured() {
        return configured() != null;
    }

    /**
     * The same directory with its downloads followed.
     *
     * @param listener called for every piece that arrives
     * @return a copy
     */
    public DataDirectory onDownload(DownloadListener listener) {
        return new DataDirectory(path, listener);
    }

    private static String configured() {
        String property = System.getProperty(PROPERTY);
        String named = property == null || property.isBlank() ? System.getenv(VARIABLE) : property;
        return named == null || named.isBlank() ? null : named;
    }
}
