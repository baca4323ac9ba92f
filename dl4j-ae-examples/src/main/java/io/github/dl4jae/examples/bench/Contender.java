package io.github.dl4jae.examples.bench;

/** Who is measured. */
enum Contender {
    /** This library, with the settings of docs/performance.md. */
    OURS("dl4j-ae", true),
    /** Deeplearning4j's own layers, losses and updater, with the same settings. */
    STOCK_TUNED("stock, our settings", true),
    /** The same as it comes, but for the newer BLAS: the native build without AVX2, threads that spin, the default collector. */
    STOCK("stock", false),
    /** PyTorch on the CPU, as it comes. */
    TORCH("PyTorch", false);

    final String title;
    final boolean tuned;

    Contender(String title, boolean tuned) {
        this.title = title;
        this.tuned = tuned;
    }
}
