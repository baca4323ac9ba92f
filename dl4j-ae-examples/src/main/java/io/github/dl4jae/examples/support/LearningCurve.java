package io.github.dl4jae.examples.support;

import java.util.ArrayList;
import java.util.List;

/** The scores of a training, one entry per epoch. */
public final class LearningCurve {

    private static final String HEADER = "epoch,train,validation,seconds,data";

    private final List<Epoch> epochs = new ArrayList<>();

    /**
     * One epoch.
     *
     * @param train mean score of the mini-batches
     * @param validation score after the epoch
     * @param seconds duration
     */
    record Epoch(double train, double validation, double seconds) {}

    LearningCurve() {}

    /**
     * Returns the training scores.
     *
     * @return the mean score of the mini-batches of each epoch
     */
    public double[] train() {
        return epochs.stream().mapToDouble(Epoch::train).toArray();
    }

    /**
     * Returns the validation scores.
     *
     * @return the score after each epoch
     */
    public double[] validation() {
        return epochs.stream().mapToDouble(Epoch::validation).toArray();
    }

    /**
     * Returns the number of epochs.
     *
     * @return the number of entries
     */
    public int epochs() {
        return epochs.size();
    }

    /**
     * Returns the training time.
     *
     * @return seconds, over all epochs
     */
    public double seconds() {
        return epochs.stream().mapToDouble(Epoch::seconds).sum();
    }

    void add(Epoch epoch) {
        epochs.add(epoch);
    }

    /** Returns true if the last {@code patience} epochs brought no better validation score. */
    boolean hasStalled(int patience) {
        return !epochs.isEmpty() && epochs.size() - 1 - best() >= patience;
    }

    boolean endsAtBest() {
        return best() == epochs.size() - 1;
    }

    private int best() {
        int best = 0;
        for (int i = 1; i < epochs.size(); i++) {
            if (epochs.get(i).validation() < epochs.get(best).validation()) {
                best = i;
            }
        }
        return best;
    }

    /** Returns the curve as lines of CSV; the last column describes the training images. */
    List<String> toCsv(String data) {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (Epoch epoch : epochs) {
            lines.add(String.join(
                    ",",
                    Integer.toString(lines.size()),
                    Double.toString(epoch.train()),
                    Double.toString(epoch.validation()),
                    Double.toString(epoch.seconds()),
                    data));
        }
        return lines;
    }

    /** Reads the first epochs of a CSV file; returns null if there are none, or if they are of other data. */
    static LearningCurve ofCsv(List<String> lines, int epochs, String data) {
        List<String[]> rows =
                lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
        if (rows.isEmpty() || !rows.get(0)[4].equals(data)) {
            return null;
        }
        LearningCurve curve = new LearningCurve();
        rows.stream()
                .limit(epochs)
                .map(cells -> new Epoch(
                        Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3])))
                .forEach(curve::add);
        return curve;
    }
}
