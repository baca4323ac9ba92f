package io.github.dl4jae.noise;

/**
 * Philox4x32-10: a function from a counter of four words and a key of two words to four random words.
 *
 * <p>Each of ten rounds multiplies two words by constants and mixes the high halves of the products with the other
 * words and the key. The key advances by a constant per round. The generator passes the BigCrush battery, and counters
 * can be evaluated in any order.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers:
 *     as easy as 1, 2, 3</a>
 */
final class Philox {

    private static final long MULTIPLIER0 = 0xD2511F53L;
    private static final long MULTIPLIER1 = 0xCD9E8D57L;
    private static final int WEYL0 = 0x9E3779B9;
    private static final int WEYL1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /** Replaces a counter by its four random words, in place. */
    static void scramble(int[] counter, int key0, int key1) {
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER0 * (c0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL0;
            k1 += WEYL1;
        }
        counter[0] = c0;
        counter[1] = c1;
        counter[2] = c2;
        counter[3] = c3;
    }
}
