package io.github.dl4jae.data;

/** Follows a download, to show it to a person. Called on the thread that downloads. */
@FunctionalInterface
public interface DownloadListener {

    /**
     * Some bytes have arrived.
     *
     * @param file the name of the file
     * @param received how many bytes so far
     * @param total how many there will be, or −1 if the server does not say
     */
    void onProgress(String file, long received, long total);
}
