package io.github.dl4jae.data;

/** A listener that receives the progress of downloads, on the thread that downloads. */
@FunctionalInterface
public interface DownloadListener {

    /**
     * Receives the progress of a download.
     *
     * @param file the name of the file
     * @param received the number of bytes received so far
     * @param total the size of the file in bytes, or −1 if the server does not report it
     */
    void onProgress(String file, long received, long total);
}
