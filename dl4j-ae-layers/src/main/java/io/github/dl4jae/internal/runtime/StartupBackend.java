package io.github.dl4jae.internal.runtime;

import org.nd4j.common.io.Resource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * The entry of this library into the start of ND4J. ND4J creates every backend that the class path declares before it
 * loads native code, and then takes the available one with the highest priority. This backend applies
 * {@link Startup#beforeNd4j} when it is created, and is never available.
 */
public final class StartupBackend extends Nd4jBackend {

    private static final int BELOW_ALL_OTHERS = -1000;

    /** Prepares the process; called by ND4J. */
    public StartupBackend() {
        Startup.beforeNd4j();
    }

    @Override
    public int getPriority() {
        return BELOW_ALL_OTHERS;
    }

    /** Reached only if there is no other backend. ND4J logs the message. */
    @Override
    public boolean isAvailable() {
        throw unavailable();
    }

    @Override
    public boolean canRun() {
        return false;
    }

    @Override
    public boolean allowsOrder() {
        return false;
    }

    @Override
    public Resource getConfigurationResource() {
        throw unavailable();
    }

    @Override
    @SuppressWarnings("rawtypes") // as declared by ND4J
    public Class getNDArrayClass() {
        throw unavailable();
    }

    @Override
    public Environment getEnvironment() {
        throw unavailable();
    }

    @Override
    public String buildInfo() {
        return "";
    }

    @Override
    public void logBackendInit() {}

    private static IllegalStateException unavailable() {
        return new IllegalStateException("dl4j-ae has no backend of its own; add one to the class path, such as"
                + " org.nd4j:nd4j-native:1.0.0-M2.1");
    }
}
