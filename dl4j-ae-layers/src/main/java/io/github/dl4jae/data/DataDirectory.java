package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory of data sets, with a subdirectory for each ({@code mnist}, {@code fashion-mnist}, {@code
 * emnist}).
 *
 * <p>The first of these that is set determines the directory: the argument of {@link #of}, the system property {@code
 * dl4jae.data}, the environment variable {@code DL4JAE_DATA}, and finally {@code .cache/dl4j-ae} in the user's home
 * directory. Missing files are downloaded into it, unless the system property {@code dl4jae.download} is {@code false}.
 *
 * @param path the directory; it need not exist yet
 * @param listener receives the progress of downloads
 */
public record DataDirectory(Path path, DownloadListener listener) {

    /** The system property that names the directory. */
    public static final String PROPERTY = "dl4jae.data";

    /** The environment variable that names the directory if the system property is not set. */
    public static final String VARIABLE = "DL4JAE_DATA";

    /**
     * Creates a directory.
     *
     * @param path the directory
     * @param listener receives the progress of downloads
     * @throws IllegalArgumentException if an argument is null
     */
    public DataDirectory {
        Require.given("DataDirectory", "path", path, "use DataDirectory.find() for the configured directory");
        Require.given("DataDirectory", "listener", listener, "use DataDirectory.of(path) for no listener");
    }

    /**
     * Returns the configured directory, or else the cache in the home directory.
     *
     * @return the directory
     */
    public static DataDirectory find() {
        String named = configured();
        return of(named == null ? Path.of(System.getProperty("user.home"), ".cache", "dl4j-ae") : Path.of(named));
    }

    /**
     * Returns a given directory, without a listener.
     *
     * @param path the directory; it need not exist yet
     * @return the directory with an absolute path
     * @throws IllegalArgumentException if the path is null
     */
    public static DataDirectory of(Path path) {
        Require.given("DataDirectory", "path", path, "use DataDirectory.find() for the configured directory");
        return new DataDirectory(path.toAbsolutePath().normalize(), (file, received, total) -> {});
    }

    /**
     * Returns whether the system property or the environment variable names a directory.
     *
     * @return false if {@link #find} returns the cache in the home directory
     */
    public static boolean isConfigured() {
        return configured() != null;
    }

    /**
     * Returns this directory with a listener.
     *
     * @param listener receives the progress of downloads
     * @return a copy
     * @throws IllegalArgumentException if the listener is null
     */
    public DataDirectory onDownload(DownloadListener listener) {
        return new DataDirectory(path, listener);
    }

    private static @Nullable String configured() {
        String property = System.getProperty(PROPERTY);
        String named = property == null || property.isBlank() ? System.getenv(VARIABLE) : property;
        return named == null || named.isBlank() ? null : named;
    }
}
