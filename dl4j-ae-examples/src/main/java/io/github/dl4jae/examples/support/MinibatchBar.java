package io.github.dl4jae.examples.support;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/** A progress bar that steps with every mini-batch and shows their mean score. */
public final class MinibatchBar extends BaseTrainingListener implements AutoCloseable {

    private static final int MINIBATCHES_PER_MESSAGE = 20;

    private final ProgressBar bar;
    private double sum;
    private int count;

    /**
     * Shows a bar.
     *
     * @param task its label
     * @param minibatches number of steps
     */
    public MinibatchBar(String task, long minibatches) {
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(minibatches)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(1000)
                .build();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        bar.step();
        sum += model.score();
        count++;
        if (count % MINIBATCHES_PER_MESSAGE == 0) {
            message(String.format(Locale.ROOT, "epoch %d score %.3f", epoch + 1, sum / count));
        }
    }

    /** Moves the bar by one mini-batch. */
    void step() {
        bar.step();
    }

    void stepTo(long minibatches) {
        bar.stepTo(minibatches);
    }

    void message(String text) {
        bar.setExtraMessage(" " + text);
    }

    /** Returns the mean score since the last call. */
    double meanAndClear() {
        double mean = sum / count;
        sum = 0;
        count = 0;
        return mean;
    }

    @Override
    public void close() {
        bar.close();
    }
}
