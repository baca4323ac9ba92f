package io.github.dl4jae.cli;

import me.tongfei.progressbar.ProgressBarConsumer;

/** A progress bar that nothing shows. */
final class Nothing implements ProgressBarConsumer {

    @Override
    public int getMaxRenderedLength() {
        return 0;
    }

    @Override
    public void accept(String text) {
        // not shown
    }

    @Override
    public void close() {
        // nothing is open
    }
}
