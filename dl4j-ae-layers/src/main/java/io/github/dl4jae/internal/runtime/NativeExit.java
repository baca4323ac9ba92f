package io.github.dl4jae.internal.runtime;

/**
 * An exit of the process without the destructors of native libraries.
 *
 * <p>A JVM that exits calls the C function {@code exit}, which runs the destructors of all native libraries while other
 * threads are still in native code. OpenBLAS's destructor waits for its worker threads. A worker in the middle of a
 * product can miss the request to stop, and the process then never ends.
 *
 * <p>At that point Java's shutdown hooks have run. Handlers of {@code exit} are called in reverse order, and those of
 * libraries were registered first. So two functions of the C library as handlers suffice: {@code fcloseall} writes what
 * C streams have buffered, as {@code exit} would do last, and {@code _exit} ends the process with the same status.
 * Handlers that other native code registers later still run. Only on Linux with glibc.
 */
final class NativeExit {

    private NativeExit() {}

    static void skipDestructors() {
        if (ThreadSettings.isLinux()) {
            CLibrary.onExit("fcloseall", "_exit");
        }
    }
}
