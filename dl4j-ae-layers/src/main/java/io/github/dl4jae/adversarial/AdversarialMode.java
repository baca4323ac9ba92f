package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.layer.Require;

/**
 * The parts of a code: latents z, and in two of the modes categories y in front of them.
 *
 * <pre>
 * Unsupervised    c = z            z like the prior
 * Clustering      c = (y, z)       y like a one-hot vector, each cluster equally likely
 * SemiSupervised  c = (y, z)       likewise, and y is trained as a classifier on the labeled examples
 * </pre>
 */
public sealed interface AdversarialMode {

    /**
     * Returns the number of categories.
     *
     * @return the length of y; 0 without categories
     */
    int categories();

    /**
     * Returns the number of latents.
     *
     * @return the length of z
     */
    int latents();

    /**
     * Codes of latents only.
     *
     * @param latents the length of z, at least 1
     */
    record Unsupervised(int latents) implements AdversarialMode {
        /**
         * Creates the mode.
         *
         * @param latents the length of z, at least 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Unsupervised {
            Require.atLeast(1, "Unsupervised", "latents", latents, "");
        }

        @Override
        public int categories() {
            return 0;
        }
    }

    /**
     * Codes of a cluster and latents. With few latents, y has to carry what distinguishes clusters.
     *
     * @param clusters the length of y, at least 2; more clusters than classes give purer ones
     * @param latents the length of z, at least 1
     */
    record Clustering(int clusters, int latents) implements AdversarialMode {
        /**
         * Creates the mode.
         *
         * @param clusters the length of y, at least 2
         * @param latents the length of z, at least 1
         * @throws IllegalArgumentException if a number is too small
         */
        public Clustering {
            Require.atLeast(2, "Clustering", "clusters", clusters, "");
            Require.atLeast(1, "Clustering", "latents", latents, "");
        }

        @Override
        public int categories() {
            return clusters;
        }
    }

    /**
     * Codes of a class and latents, with labels for some or all of the training examples.
     *
     * @param classes the length of y, at least 2
     * @param latents the length of z, at least 1
     */
    record SemiSupervised(int classes, int latents) implements AdversarialMode {
        /**
         * Creates the mode.
         *
         * @param classes the length of y, at least 2
         * @param latents the length of z, at least 1
         * @throws IllegalArgumentException if a number is too small
         */
        public SemiSupervised {
            Require.atLeast(2, "SemiSupervised", "classes", classes, "");
            Require.atLeast(1, "SemiSupervised", "latents", latents, "");
        }

        @Override
        public int categories() {
            return classes;
        }
    }
}
