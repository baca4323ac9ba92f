package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Adam over the rows of the units that have a gradient, in time proportional to their number.
 *
 * <pre>
 * a step t in which unit j has a gradient g, its n-th one, Δ steps after the last one:
 * m_j ← β₁ m_j + (1 − β₁) g        v_j ← β₂^Δ v_j + (1 − β₂) g²
 * w_j ← w_j − η · √(1 − β₂ˢ)/(1 − β₁ⁿ) · m_j/(√v_j + ε)        s: steps since the start, or since the unit's revival
 * </pre>
 *
 * <p>For a unit that is active in every step this is Adam. For a rare unit, Adam spreads the effect of one gradient
 * over the following steps: m decays at the rate β₁, but each step moves the weights. LazyAdam makes the sum of these
 * moves at once: v decays with time as in Adam, m only when there is a gradient.
 *
 * <p>Where a network has lost its count of iterations, Δ and s are at least 1.
 *
 * <p>The state is m and v, of the size of the parameter, then n, the last step and the first step of each unit.
 */
final class LazyAdam implements GradientUpdater<IUpdater> {

    /** Row-wise Adam in place of the updater of a layer. */
    static final class Config implements IUpdater {

        private static final long serialVersionUID = 1L;

        private final AdamSettings settings;
        private final transient Supplier<int[]> active;
        private final long units;
        private transient @Nullable LazyAdam step;

        Config(AdamSettings settings, long units, Supplier<int[]> active) {
            this.settings = settings;
            this.units = units;
            this.active = active;
        }

        /** Forgets the moments of units that have got new weights. */
        void reset(int[] units) {
            if (step != null) {
                step.reset(units);
            }
        }

        @Override
        public long stateSize(long parameters) {
            return 2 * parameters + PER_UNIT * units;
        }

        @Override
        public GradientUpdater<?> instantiate(INDArray state, boolean initialize) {
            LazyAdam updater = new LazyAdam(this);
            updater.setStateViewArray(state, new long[] {1, (state.length() - PER_UNIT * units) / 2}, 'c', initialize);
            step = updater;
            return updater;
        }

        @Override
        public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
            LazyAdam updater = new LazyAdam(this);
            updater.setState(state, initialize);
            step = updater;
            return updater;
        }

        @Override
        public double getLearningRate(int iteration, int epoch) {
            return settings.updater().getLearningRate(iteration, epoch);
        }

        @Override
        public boolean hasLearningRate() {
            return true;
        }

        @Override
        public void setLrAndSchedule(double learningRate, @Nullable ISchedule schedule) {
            settings.updater().setLrAndSchedule(learningRate, schedule);
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public Config clone() {
            return new Config(settings, units, active);
        }
    }

    private static final String STATE = "LazyAdam";
    /** The numbers of the state that a unit has beside its moments. */
    private static final int PER_UNIT = 3;

    private final Config config;
    private @Nullable INDArray state;
    private @Nullable RowMatrix mean;
    private @Nullable RowMatrix square;
    private @Nullable INDArray counts;
    private @Nullable INDArray lastSteps;
    private @Nullable INDArray births;
    private double now;

    private LazyAdam(Config config) {
        this.config = config;
    }

    @Override
    public IUpdater getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialize) {
        setStateViewArray(Objects.requireNonNull(state.get(STATE)), new long[0], 'c', initialize);
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of(STATE, Objects.requireNonNull(state));
    }

    @Override
    public void setStateViewArray(INDArray view, long[] gradientShape, char order, boolean initialize) {
        state = view;
        if (initialize) {
            view.assign(0);
        }
        INDArray flat = view.reshape(view.length());
        long units = config.units;
        long parameters = (view.length() - PER_UNIT * units) / 2;
        long[] shape = {units, parameters / units};
        mean = RowMatrix.of(flat.get(NDArrayIndex.interval(0, parameters)).reshape('c', shape));
        square = RowMatrix.of(
                flat.get(NDArrayIndex.interval(parameters, 2 * parameters)).reshape('c', shape));
        counts = flat.get(NDArrayIndex.interval(2 * parameters, 2 * parameters + units));
        lastSteps = flat.get(NDArrayIndex.interval(2 * parameters + units, 2 * parameters + 2 * units));
        births = flat.get(NDArrayIndex.interval(2 * parameters + 2 * units, 2 * parameters + 3 * units));
    }

    private void reset(int[] units) {
        RowMatrix m = Objects.requireNonNull(mean);
        RowMatrix v = Objects.requireNonNull(square);
        RowVector zeros = m.vector();
        for (int j : units) {
            m.write(j, zeros);
            v.write(j, zeros);
            Objects.requireNonNull(counts).putScalar(j, 0);
            Objects.requireNonNull(births).putScalar(j, now);
        }
    }

    /** The rows of {@code gradient} become the steps. */
    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        RowMatrix m = Objects.requireNonNull(mean);
        RowMatrix v = Objects.requireNonNull(square);
        INDArray n = Objects.requireNonNull(counts);
        INDArray last = Objects.requireNonNull(lastSteps);
        RowMatrix rows = RowMatrix.of(gradient.reshape('c', config.units, m.columns()));
        int[] active = config.active.get();
        AdamSettings adam = config.settings;
        double t = iteration + 1d;
        double rate = config.getLearningRate(iteration, epoch);
        now = t;
        INDArray born = Objects.requireNonNull(births);
        RowBlocks.of(active.length, 8L * m.columns()).forEach((block, from, to) -> {
            RowVector g = rows.vector();
            RowVector mRow = m.vector();
            RowVector vRow = v.vector();
            for (int i = from; i < to; i++) {
                int j = active[i];
                double count = n.getDouble(j) + 1;
                double pause = Math.max(1, t - last.getDouble(j));
                rows.read(j, g);
                m.read(j, mRow);
                v.read(j, vRow);
                double root = Math.sqrt(1 - Math.pow(adam.beta2(), Math.max(1, t - born.getDouble(j))));
                g.adamStep(
                        mRow,
                        vRow,
                        adam.beta1(),
                        adam.beta2(),
                        Math.pow(adam.beta2(), pause),
                        rate * root / (1 - Math.pow(adam.beta1(), count)),
                        adam.epsilon());
                rows.write(j, g);
                m.write(j, mRow);
                v.write(j, vRow);
                n.putScalar(j, count);
                last.putScalar(j, t);
            }
        });
    }
}
