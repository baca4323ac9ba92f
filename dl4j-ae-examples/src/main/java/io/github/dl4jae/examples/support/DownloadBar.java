package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.DownloadListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows a progress bar for each downloaded file. */
final class DownloadBar implements DownloadListener {

    private String current;
    private ProgressBar bar;

    @Override
    public void onProgress(String file, long received, long total) {
        if (!file.equals(current)) {
            close();
            current = file;
            bar = new ProgressBarBuilder()
                    .setTaskName(file)
                    .setInitialMax(total)
                    .setUnit(" KiB", 1024)
                    .build();
        }
        bar.stepTo(received);
        if (received == total) {
            close();
        }
    }

    private void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
