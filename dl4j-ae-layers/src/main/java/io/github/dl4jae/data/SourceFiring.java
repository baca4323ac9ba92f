package io.github.dl4jae.data;

import io.github.dl4jae.internal.math.NormalQuantile;
import java.util.random.RandomGenerator;

/** Draws which sources fire, and their magnitudes. Immutable. */
final class SourceFiring {

    private final SourceTrees trees;
    /** The probabilities to fire where nothing excludes it. */
    private final double[] probabilities;

    private final float[] means;
    private final float[] deviations;
    /** Loadings of common factors, {@code [rank][n]}; the variables of the copula have variance 1. */
    private final float[][] loadings;
    /** What a variable of the copula must exceed. */
    private final float[] thresholds;
    /** The deviation of the part of a variable that it shares with no other. */
    private final float[] own;

    SourceFiring(SourceTrees trees, double[] probabilities, float[] means, float[] deviations, float[][] loadings) {
        this.trees = trees;
        this.probabilities = trees.independent(probabilities);
        this.means = means;
        this.deviations = deviations;
        this.loadings = loadings;
        this.thresholds = new float[probabilities.length];
        this.own = new float[probabilities.length];
        if (loadings.length > 0) {
            for (int i = 0; i < thresholds.length; i++) {
                thresholds[i] = (float) NormalQuantile.upper(this.probabilities[i]);
                double shared = 0;
                for (float[] factor : loadings) {
                    shared += (double) factor[i] * factor[i];
                }
                own[i] = (float) Math.sqrt(Math.max(0, 1 - shared));
            }
        }
    }

    int sources() {
        return means.length;
    }

    /** Draws one example. */
    Draw draw(RandomGenerator random) {
        return new Draw(random);
    }

    /** The random numbers of one example. */
    final class Draw {
        private final RandomGenerator random;
        private final float[] factors = new float[loadings.length];
        private final float[] common;

        Draw(RandomGenerator random) {
            this.random = random;
            for (int k = 0; k < factors.length; k++) {
                factors[k] = (float) random.nextGaussian();
            }
            this.common = factors.length == 0 ? new float[0] : new float[sources()];
        }

        /** Replaces the codes of an earlier example by those of this one. */
        void fill(SourceCodes codes) {
            codes.clear();
            independent(0, trees.roots(), codes);
            for (int i = 0; i < codes.count(); i++) { // grows: children are visited after their parents
                int parent = codes.source(i);
                if (trees.firstChild(parent) < trees.size()) {
                    child(parent, codes.magnitude(i), codes);
                }
            }
            independent(trees.size(), sources(), codes);
        }

        private void independent(int from, int to, SourceCodes codes) {
            addCommon(from, to);
            for (int i = from; i < to; i++) {
                float magnitude = magnitude(i);
                if (magnitude > 0) {
                    codes.add(i, magnitude);
                }
            }
        }

        /** Lets at most one child fire; where several would, one of them is chosen. */
        private void child(int parent, float magnitudeOfParent, SourceCodes codes) {
            int first = (int) trees.firstChild(parent);
            int end = trees.endOfChildren(parent);
            addCommon(first, end);
            int firing = 0;
            int chosen = -1;
            float magnitude = 0;
            for (int i = first; i < end; i++) {
                float candidate = magnitude(i);
                if (candidate > 0 && random.nextInt(++firing) == 0) {
                    chosen = i;
                    magnitude = candidate;
                }
            }
            if (chosen >= 0) {
                codes.add(chosen, magnitude * magnitudeOfParent / means[parent]);
            }
        }

        private void addCommon(int from, int to) {
            for (int k = 0; k < factors.length; k++) {
                float factor = factors[k];
                float[] loading = loadings[k];
                for (int i = from; i < to; i++) {
                    common[i] += factor * loading[i];
                }
            }
        }

        private float magnitude(int i) {
            boolean fires = factors.length == 0
                    ? random.nextDouble() < probabilities[i]
                    : common[i] + own[i] * (float) random.nextGaussian() > thresholds[i];
            return fires ? Math.max(0, means[i] + deviations[i] * (float) random.nextGaussian()) : 0;
        }
    }

    /** Returns loadings of common factors from N(0, scale²); rows whose variance exceeds 1 are shortened. */
    static float[][] loadings(int sources, int rank, double scale, RandomGenerator random) {
        float[][] loadings = new float[rank][sources];
        for (int i = 0; i < sources; i++) {
            double squares = 0;
            for (float[] factor : loadings) {
                factor[i] = (float) (scale * random.nextGaussian());
                squares += (double) factor[i] * factor[i];
            }
            if (squares > 1) {
                for (float[] factor : loadings) {
                    factor[i] /= (float) Math.sqrt(squares);
                }
            }
        }
        return loadings;
    }
}
