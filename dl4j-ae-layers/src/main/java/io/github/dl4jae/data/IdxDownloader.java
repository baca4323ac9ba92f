package io.github.dl4jae.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Downloads published files from the first address that has them intact.
 *
 * <p>Temporary names are unique, so several processes can download into one folder. Of the files in the folder it
 * deletes only its own temporary ones.
 */
final class IdxDownloader {

    /** More than twice the size of the largest file: a longer response is not one of the files. */
    private static final long MAX_BYTES = 64L << 20;

    private final String dataset;
    private final List<URI> mirrors;
    private final DownloadListener listener;
    private final int patience;

    IdxDownloader(String dataset, List<URI> mirrors, DownloadListener listener) {
        this(dataset, mirrors, listener, Duration.ofSeconds(30));
    }

    /** Creates a downloader with a timeout for connecting and for each read. */
    IdxDownloader(String dataset, List<URI> mirrors, DownloadListener listener, Duration patience) {
        this.patience = Math.toIntExact(patience.toMillis());
        this.dataset = dataset;
        this.mirrors = mirrors;
        this.listener = listener;
    }

    /**
     * Downloads files into a folder. Each is written to a temporary name, verified, and moved.
     *
     * @throws IllegalStateException if a file is not available; the message lists the missing files and the folder
     */
    void download(List<PublishedFile> files, Path folder) {
        if (Boolean.parseBoolean(System.getProperty("dl4jae.download", "true"))) {
            for (PublishedFile file : files) {
                List<String> failures = new ArrayList<>();
                if (!download(file, folder, failures)) {
                    throw missing(
                            files, folder, "no address had " + file.gzippedName() + ": " + String.join("; ", failures));
                }
            }
        } else {
            throw missing(files, folder, "downloading is switched off (-Ddl4jae.download=false)");
        }
    }

    private IllegalStateException missing(List<PublishedFile> files, Path folder, String reason) {
        List<IdxName> absent = files.stream()
                .filter(file -> file.find(folder) == null)
                .map(PublishedFile::idxName)
                .toList();
        return MissingFiles.exception(dataset, absent, folder, ", and " + reason);
    }

    private boolean download(PublishedFile file, Path folder, List<String> failures) {
        for (URI mirror : mirrors) {
            URI address = mirror.resolve(file.gzippedName());
            try {
                Files.createDirectories(folder);
                Path part = folder.resolve(file.name() + "-" + Long.toHexString(System.nanoTime()) + ".part");
                try {
                    fetch(address, file.gzippedName(), part);
                    file.verify(part, true);
                    Files.move(part, folder.resolve(file.gzippedName()), StandardCopyOption.ATOMIC_MOVE);
                    return true;
                } finally {
                    Files.deleteIfExists(part); // still there only after a failure
                }
            } catch (IOException | RuntimeException e) {
                failures.add(address + " (" + e + ")");
            }
        }
        return false;
    }

    private void fetch(URI address, String name, Path target) throws IOException {
        URLConnection connection = address.toURL().openConnection(); // does not follow redirects from HTTPS to HTTP
        connection.setConnectTimeout(patience);
        connection.setReadTimeout(patience);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("HTTP status " + http.getResponseCode());
        }
        byte[] buffer = new byte[1 << 16];
        long received = 0;
        try (InputStream in = connection.getInputStream();
                OutputStream out = Files.newOutputStream(target)) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                received += read;
                if (received > MAX_BYTES) {
                    throw new IOException("response of more than " + MAX_BYTES + " bytes, larger than any such file");
                }
                out.write(buffer, 0, read);
                listener.onProgress(name, received, connection.getContentLengthLong());
            }
        }
    }
}
