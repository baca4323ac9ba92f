package io.github.dl4jae.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program and of the Java that runs it. */
final class Version implements IVersionProvider {

    static String ofProgram() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"dl4j-ae " + ofProgram(), "Java " + System.getProperty("java.runtime.version")};
    }
}
