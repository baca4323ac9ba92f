package io.github.dl4jae.internal.kernel;

/**
 * Parallel work on rows, in blocks of adjacent rows.
 *
 * <p>The blocks depend only on the sizes, not on the number of cores, so sums by block are equal on every machine.
 * Small work stays on the calling thread, because waking another thread takes as long as some ten thousand
 * multiplications. The threads are those of the JDK's common pool.
 */
public final class RowBlocks {

    /** The least number of values per block: about ten microseconds of work. */
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
     * @param rows the number of rows
     * @param valuesPerRow the number of values that are read per row
     * @return blocks of about equal size
     */
    public static RowBlocks of(int rows, long valuesPerRow) {
        return of(rows, valuesPerRow, MOST);
    }

    /**
     * Splits rows into a limited number of blocks.
     *
     * @param rows the number of rows
     * @param valuesPerRow the number of values that are read per row
     * @param most the largest number of blocks
     * @return blocks of about equal size
     */
    public static RowBlocks of(int rows, long valuesPerRow, int most) {
        long blocks = Math.min(Math.min(rows * valuesPerRow / SMALLEST, Math.min(most, MOST)), rows);
        return new RowBlocks(rows, (int) Math.max(blocks, 1));
    }

    /** Splits rows into a number of blocks, at least one and at most one per row. */
    static RowBlocks inBlocks(int rows, int blocks) {
        return new RowBlocks(rows, Math.max(1, Math.min(blocks, rows)));
    }

    /**
     * Returns the number of blocks.
     *
     * @return at least 1
     */
    public int count() {
        return blocks;
    }

    /**
     * Runs the work for every block and waits for the end.
     *
     * @param work called once per block, from several threads
     */
    public void forEach(Work work) {
        if (blocks == 1) {
            work.run(0, 0, rows);
            return;
        }
        BlockLoop.run(blocks, block -> work.run(block, start(block), start(block + 1)));
    }

    /** Runs work that multiplies by BLAS, each block on one thread. */
    void onOneThreadEach(Work work) {
        Blas.onCallingThreads(() -> forEach(work));
    }

    private int start(int block) {
        return (int) ((long) rows * block / blocks);
    }

    /** The work on a block of rows. */
    @FunctionalInterface
    public interface Work {
        /**
         * Processes the rows of one block.
         *
         * @param block the index of the block
         * @param from its first row
         * @param to its last row plus 1
         */
        void run(int block, int from, int to);
    }
}
