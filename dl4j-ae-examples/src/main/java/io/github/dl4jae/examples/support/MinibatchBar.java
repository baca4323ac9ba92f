package io.github.dl4jae.examples.support;

import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ProgressListener;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * A progress bar that steps with every mini-batch and shows their mean score in the epoch. Add it to a {@code Trainer},
 * or to a network that another class of the library trains.
 */
public final class MinibatchBar extends BaseTrainingListener implements ProgressListener, AutoCloseable {

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
        stepDone(epoch, iteration, model.score());
    }

    @Override
    public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
        bar.stepTo(steps);
    }

    @Override
    public void stepDone(int epoch, long step, double score) {
        bar.step();
        sum += score;
        count++;
        if (count % MINIBATCHES_PER_MESSAGE == 0) {
            message(String.format(Locale.ROOT, "epoch %d score %.3f", epoch + 1, sum / count));
        }
    }

    @Override
    public void evaluated(CurvePoint point) {
        sum = 0;
        count = 0;
    }

    /** Moves the bar by one mini-batch. */
    void step() {
        bar.step();
    }

    void message(String text) {
        bar.setExtraMessage(" " + text);
    }

    @Override
    public void close() {
        bar.close();
    }
}
