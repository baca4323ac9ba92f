package io.github.dl4jae.examples.bench;

/** A measured implementation. */
enum Contender {
    /** This library, with the settings of docs/performance.md. */
    OURS("dl4j-ae", true),
    /** Stock layers, losses and updater of Deeplearning4j, with the same settings. */
    STOCK_TUNED("stock, our settings", true),
    /** Stock Deeplearning4j with default settings (native build without AVX2, spinning threads) and the newer BLAS. */
    STOCK("stock", false),
    /** PyTorch on the CPU, with default settings. */
    TORCH("PyTorch", false);

    final String title;
    final boolean tuned;

    Contender(String title, boolean tuned) {
        this.title = title;
        this.tuned = tuned;
    }
}
