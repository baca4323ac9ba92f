package io.github.dl4jae.cli;

import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ProgressListener;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Prints where training continues, and shows a bar if asked to. */
final class FitProgress implements ProgressListener, AutoCloseable {

    private final Console console;
    private final ProgressBar bar;

    /**
     * Creates a listener.
     *
     * @param steps the largest number of steps
     * @param visible whether to show a bar
     */
    FitProgress(Console console, long steps, boolean visible) {
        this.console = console;
        this.bar = new ProgressBarBuilder()
                .setTaskName("fit")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500)
                .setConsumer(visible ? new ConsoleProgressBarConsumer(console.err()) : new Nothing())
                .build();
    }

    @Override
    public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
        if (steps > 0) {
            console.errors().println("Continuing after epoch " + epochs);
        }
        bar.stepTo(steps);
    }

    @Override
    public void stepDone(int epoch, long step, double score) {
        bar.stepTo(step);
    }

    @Override
    public void evaluated(CurvePoint point) {
        bar.setExtraMessage(" epoch " + point.epoch() + " validation loss " + Main.shown(point.validation()));
    }

    @Override
    public void close() {
        bar.close();
    }
}
