package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.layer.Require;

/** The distribution p(z) that the latents of all examples together should have. */
public sealed interface CodePrior {

    /**
     * Computes a sample.
     *
     * @param normal standard normal numbers, one per latent; replaced by the sample
     * @param uniform a number in (0, 1)
     */
    void transform(double[] normal, double uniform);

    /**
     * Checks that the prior has samples of a length.
     *
     * @param latents the length of z
     * @throws IllegalArgumentException if it has not
     */
    default void requireLatents(int latents) {}

    /**
     * A normal distribution with independent latents.
     *
     * <pre>
     * p(z) = N(0, d²·I)
     * </pre>
     *
     * @param deviation d, above 0
     */
    record Normal(double deviation) implements CodePrior {
        /**
         * Creates the prior.
         *
         * @param deviation d, above 0
         * @throws IllegalArgumentException if it is not positive and finite
         */
        public Normal {
            Require.positive("Normal", "deviation", deviation, "1 is usual");
        }

        @Override
        public void transform(double[] normal, double uniform) {
            for (int j = 0; j < normal.length; j++) {
                normal[j] *= deviation;
            }
        }
    }

    /**
     * A ring of equally likely Gaussians in two latents, long toward the center: the petals of a flower, as in figure 2
     * of the paper. Further latents are standard normal.
     *
     * <pre>
     * z = R(2πk/K)·(r + a·ε₁, b·ε₂)        k uniform in {0, …, K − 1}, R a rotation
     * </pre>
     *
     * @param petals K, at least 2
     * @param radius r, above 0
     * @param along a, above 0
     * @param across b, above 0
     */
    record Ring(int petals, double radius, double along, double across) implements CodePrior {
        /**
         * Creates the prior.
         *
         * @param petals K, at least 2
         * @param radius r, above 0
         * @param along a, above 0
         * @param across b, above 0
         * @throws IllegalArgumentException if a value is out of range
         */
        public Ring {
            Require.atLeast(2, "Ring", "petals", petals, "");
            Require.positive("Ring", "radius", radius, "");
            Require.positive("Ring", "along", along, "");
            Require.positive("Ring", "across", across, "");
        }

        @Override
        public void requireLatents(int latents) {
            requireTwo("Ring", latents);
        }

        @Override
        public void transform(double[] normal, double uniform) {
            double angle = 2 * Math.PI * (int) (uniform * petals) / petals;
            double x = radius + along * normal[0];
            double y = across * normal[1];
            normal[0] = Math.cos(angle) * x - Math.sin(angle) * y;
            normal[1] = Math.sin(angle) * x + Math.cos(angle) * y;
        }
    }

    /**
     * A spiral in two latents, uniform along its length. Further latents are standard normal.
     *
     * <pre>
     * t = T·√u        z = r·t/T·(cos t, sin t) + b·ε        T = 2π·turns
     * </pre>
     *
     * @param turns of the spiral, above 0
     * @param radius r, above 0
     * @param thickness b, above 0
     */
    record SwissRoll(double turns, double radius, double thickness) implements CodePrior {
        /**
         * Creates the prior.
         *
         * @param turns of the spiral, above 0
         * @param radius r, above 0
         * @param thickness b, above 0
         * @throws IllegalArgumentException if a value is out of range
         */
        public SwissRoll {
            Require.positive("SwissRoll", "turns", turns, "");
            Require.positive("SwissRoll", "radius", radius, "");
            Require.positive("SwissRoll", "thickness", thickness, "");
        }

        @Override
        public void requireLatents(int latents) {
            requireTwo("SwissRoll", latents);
        }

        @Override
        public void transform(double[] normal, double uniform) {
            double place = Math.sqrt(uniform);
            double angle = 2 * Math.PI * turns * place;
            normal[0] = radius * place * Math.cos(angle) + thickness * normal[0];
            normal[1] = radius * place * Math.sin(angle) + thickness * normal[1];
        }
    }

    private static void requireTwo(String subject, int latents) {
        Require.that(latents >= 2, subject, "the mode must have at least 2 latents", latents, "");
    }
}
