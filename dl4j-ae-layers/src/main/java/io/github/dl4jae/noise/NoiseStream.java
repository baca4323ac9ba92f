package io.github.dl4jae.noise;

/**
 * Random numbers that depend on where they are used alone: on a seed, a name, an iteration, an epoch, the number of the draw,
 * and the place in the array.
 *
 * <pre>
 * words   = Philox4x32-10(counter = (place, iteration, epoch, draw), key = mix(seed, name))
 * uniform = (word + ½) / 2³²                    in (0, 1), never 0 or 1
 * normal  = √(−2 ln u₁)·cos 2πu₂, √(−2 ln u₁)·sin 2πu₂        magnitudes up to 6.7
 * </pre>
 *
 * <p>There is no state: the same place gives the same number on every thread, on every machine, in a worker's copy of a network, and
 * after a restart from a checkpoint that knows its iteration. A forward pass that is repeated, as gradient checks and line searches do, sees the noise it saw
 * before. ND4J's generator can do none of that: it has one per thread, and networks reseed it.
 *
 * <pre>{@code
 * NoiseStream.of(seed, "z").at(iteration, epoch, 0).normal(row, values, 0, n);
 * }</pre>
 *
 * <p>Copies of a network that train side by side see the same numbers at the same iteration, on different examples.
 *
 * <p>Immutable. Rows are numbered from 0 and have the same length throughout a stream; up to 2³⁴ values per draw are different.
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
     * The stream of a layer, at iteration, epoch and draw 0.
     *
     * @param seed of the network's configuration
     * @param name of the layer; layers whose names have different hash codes have nothing in common
     * @return the stream
     */
    public static NoiseStream of(long seed, String name) {
        return new NoiseStream(mix(seed + 0x9E3779B97F4A7C15L * name.hashCode()), 0, 0, 0);
    }

    /** The finalizer of SplitMix64: neighboring seeds get keys that have nothing in common. */
    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * The same stream at another time.
     *
     * @param iteration of the network
     * @param epoch of the network
     * @param draw which of several uses in one forward pass
     * @return a stream
     */
    public NoiseStream at(int iteration, int epoch, int draw) {
        return new NoiseStream(key, iteration, epoch, draw);
    }

    /**
     * Fills a row with standard normal numbers.
     *
     * @param row its number
     * @param to the destination
     * @param offset where in the destination
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
     * @param row its number
     * @param to the destination
     * @param offset where in the destination
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
     * Fills a row with numbers that are uniform in (0, 1), of 23 bits: float32 has no more that are neither 0 nor 1.
     *
     * @param row its number
     * @param to the destination, at least n long
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
