package io.github.dl4jae.examples.bench;

/** Threads that compute until they are closed. They touch no memory, so they take processor time only. */
final class BusyThreads implements AutoCloseable {

    private volatile boolean closed;

    @SuppressWarnings("UnusedVariable") // written so that the loop is not optimized away
    private volatile double sink;

    BusyThreads(int count) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::compute, "busy-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void compute() {
        double x = 1;
        while (!closed) {
            for (int i = 0; i < 10_000; i++) {
                x = x * 0.999 + 0.001;
            }
        }
        sink = x;
    }

    @Override
    public void close() {
        closed = true;
    }
}
