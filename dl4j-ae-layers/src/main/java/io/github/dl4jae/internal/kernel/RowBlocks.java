package io.github.dl4jae.internal.kernel;

import java.util.stream.IntStream;

/**
 * Work on rows, spread over the cores in blocks of neighboring rows.
 *
 * <p>The blocks depend on the sizes alone, never on the number of cores: sums formed block by block are the same on every
 * machine. Small work stays on the calling thread, since waking another takes as long as some ten thousand
 * multiplications. The threads are those of the JDK's common pool.
 */
public final class RowBlocks {

    /** Values per block, at least: about ten microseconds' work. */
    private static final long SMALLEST = 1 << 15;

    private static final int MOST = 16;

    private final int rows;
    private final int blocks;

    private RowBlocks(int rows, int blocks) {
        this.rows = rows;
        this.blocks = blocks;
    }

    /**
     * Splits rows into blocks.
     *
     * @param rows how many
     * @param valuesPerRow how many values are read to deal with a row
     * @return blocks of about equal size
     */
    public static RowBlocks of(int rows, long valuesPerRow) {
        long blocks = Math.min(Math.min(rows * valuesPerRow / SMALLEST, MOST), rows);
        return new RowBlocks(rows, (int) Math.max(blocks, 1));
    }

    /**
     * The number of blocks.
     *
     * @return at least 1
     */
    public int count() {
        return blocks;
    }

    /**
     * Runs the work for every block, and returns when all is done.
     *
     * @param work is called once per block, from several threads
     */
    public void forEach(Work work) {
        if (blocks == 1) {
            work.run(0, 0, rows);
            return;
        }
        IntStream.range(0, blocks).parallel().forEach(block -> work.run(block, start(block), start(block + 1)));
    }

    private int start(int block) {
        return (int) ((long) rows * block / blocks);
    }

    /** What is to be done with a block of rows. */
    @FunctionalInterface
    public interface Work {
        /**
         * Deals with the rows of one block.
         *
         * @param block its number
         * @param from its first row
         * @param to the row behind its last
         */
        void run(int block, int from, int to);
    }
}
