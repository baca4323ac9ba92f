package io.github.dl4jae.noise;

import io.github.dl4jae.internal.layer.Require;

/**
 * A stateless stream of random numbers: a function of seed, name, iteration, epoch, draw and place in the array.
 *
 * <pre>
 * words   = Philox4x32-10(counter = (place, iteration, epoch, draw), key = mix(seed, name))
 * uniform = (word + ½) / 2³²                    in (0, 1), never 0 or 1
 * normal  = √(−2 ln u₁)·cos 2πu₂, √(−2 ln u₁)·sin 2πu₂        magnitudes up to 6.7
 * </pre>
 *
 * <p>The same place gives the same number on every thread and machine, in a worker's copy of a network, and after a
 * restart from a checkpoint that stores the iteration. Gradient checks and line searches repeat a forward pass with the
 * same noise. ND4J's generator offers none of this: each thread has its own, and networks reseed it.
 *
 * <pre>{@code
 * NoiseStream.of(seed, "z").at(iteration, epoch, 0).normal(row, values, 0, n);
 * }</pre>
 *
 * <p>Copies of a network that train in parallel use the same numbers at the same iteration, on different examples.
 *
 * <p>Immutable. Rows are numbered from 0 and have the same length throughout a stream. Up to 2³⁴ values per draw are
 * distinct.
 */
public final class NoiseStream {

    private static final double SCALE = 0x1p-32;

    private final long key;
    private final int iteration;
    private final int epoch;
    private final int draw;

    private NoiseStream(long key, int iteration, int epoch, int draw) {
        this.key = key;
        this.iteration = iteration;
        this.epoch = epoch;
        this.draw = draw;
    }

    /**
     * Returns the stream of a layer at iteration, epoch and draw 0.
     *
     * @param seed the seed of the network's configuration
     * @param name the name of the layer; names with different hash codes give independent streams
     * @return the stream
     * @throws IllegalArgumentException if the name is null
     */
    public static NoiseStream of(long seed, String name) {
        Require.given("NoiseStream", "name", name, "use the name of the layer");
        return new NoiseStream(mix(seed + 0x9E3779B97F4A7C15L * name.hashCode()), 0, 0, 0);
    }

    /** Applies the finalizer of SplitMix64, which gives neighboring seeds unrelated keys. */
    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * Returns this stream at another time.
     *
     * @param iteration the network's iteration
     * @param epoch the network's epoch
     * @param draw the index of the use within one forward pass
     * @return the stream
     */
    public NoiseStream at(int iteration, int epoch, int draw) {
        return new NoiseStream(key, iteration, epoch, draw);
    }

    /**
     * Fills a row with standard normal numbers.
     *
     * @param row the index of the row
     * @param to the destination
     * @param offset the index of the first value in the destination
     * @param n the length of the row
     */
    public void normal(long row, double[] to, int offset, int n) {
        int[] words = new int[4];
        for (int j = 0; j < n; j += 4) {
            draw(row * ((n + 3) / 4) + j / 4, words);
            for (int pair = 0; pair < 4 && j + pair < n; pair += 2) {
                double radius = Math.sqrt(-2 * Math.log(uniform(words[pair])));
                double angle = 2 * Math.PI * uniform(words[pair + 1]);
                to[offset + j + pair] = radius * Math.cos(angle);
                if (j + pair + 1 < n) {
                    to[offset + j + pair + 1] = radius * Math.sin(angle);
                }
            }
        }
    }

    /**
     * Fills a row with numbers that are uniform in the open interval (0, 1).
     *
     * @param row the index of the row
     * @param to the destination
     * @param offset the index of the first value in the destination
     * @param n the length of the row
     */
    public void uniform(long row, double[] to, int offset, int n) {
        int[] words = new int[4];
        for (int j = 0; j < n; j += 4) {
            draw(row * ((n + 3) / 4) + j / 4, words);
            for (int k = 0; k < 4 && j + k < n; k++) {
                to[offset + j + k] = uniform(words[k]);
            }
        }
    }

    /**
     * Fills a row with numbers of 23 random bits that are uniform in the open interval (0, 1). With more bits, float32
     * would round some of them to 1.
     *
     * @param row the index of the row
     * @param to the destination, of length n or more
     * @param n the length of the row
     */
    public void uniform(long row, float[] to, int n) {
        int[] words = new int[4];
        for (int j = 0; j < n; j += 4) {
            draw(row * ((n + 3) / 4) + j / 4, words);
            for (int k = 0; k < 4 && j + k < n; k++) {
                to[j + k] = ((words[k] >>> 9) + 0.5f) * 0x1p-23f;
            }
        }
    }

    private void draw(long place, int[] words) {
        words[0] = (int) place;
        words[1] = iteration;
        words[2] = epoch;
        words[3] = draw;
        Philox.scramble(words, (int) key, (int) (key >>> 32));
    }

    private static double uniform(int word) {
        return ((word & 0xFFFFFFFFL) + 0.5) * SCALE;
    }
}
