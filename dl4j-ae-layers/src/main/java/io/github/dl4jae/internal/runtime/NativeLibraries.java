package io.github.dl4jae.internal.runtime;

import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** The native libraries of ND4J's CPU backend that this process has loaded. Load ND4J before. */
public final class NativeLibraries {

    private NativeLibraries() {}

    /**
     * Returns the loaded build of ND4J's native code.
     *
     * @return the platform with its suffix, such as {@code linux-x86_64-avx2}; empty without the CPU backend
     */
    public static Optional<String> build() {
        try {
            return Loader.getLoadedLibraries().values().stream()
                    .map(path -> path.replace('\\', '/'))
                    .filter(path -> path.matches(".*/[^/]*jnind4jcpu[^/]*"))
                    .map(path -> path.replaceFirst(".*/([^/]+)/[^/]+$", "$1"))
                    .findFirst();
        } catch (LinkageError e) {
            return Optional.empty(); // another version of JavaCPP
        }
    }

    /**
     * Returns OpenBLAS's version and build options.
     *
     * @return as OpenBLAS describes itself; empty with another BLAS
     */
    public static Optional<String> blas() {
        return string("openblas_get_config");
    }

    /**
     * Returns the kernel that OpenBLAS has selected for the processor.
     *
     * @return its name, such as {@code SkylakeX}; empty with another BLAS
     */
    public static Optional<String> blasKernel() {
        return string("openblas_get_corename");
    }

    /**
     * Returns the number of threads of OpenBLAS.
     *
     * @return the number; empty with another BLAS
     */
    public static OptionalInt blasThreads() {
        try {
            return address("openblas_get_num_threads").stream()
                    .mapToInt(CLibrary::integer)
                    .findFirst();
        } catch (LinkageError e) {
            return OptionalInt.empty();
        }
    }

    /**
     * Returns the bound of off-heap memory.
     *
     * @return bytes, 0 without a bound
     */
    public static long offHeapBytes() {
        return Pointer.maxBytes();
    }

    /**
     * Returns the bound of the physical memory of the process.
     *
     * @return bytes, 0 without a bound
     */
    public static long physicalBytes() {
        return Pointer.maxPhysicalBytes();
    }

    private static Optional<String> string(String function) {
        try {
            return address(function).map(CLibrary::string).map(String::strip);
        } catch (LinkageError e) {
            return Optional.empty(); // without JNA
        }
    }

    private static Optional<Long> address(String function) {
        return Optional.ofNullable(Loader.addressof(function)).map(Pointer::address);
    }
}
