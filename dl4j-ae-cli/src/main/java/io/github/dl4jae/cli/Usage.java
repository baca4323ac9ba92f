package io.github.dl4jae.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of a command line. */
final class Usage {

    private Usage() {}

    /**
     * Requires that options are valid.
     *
     * @param spec the command, for the message
     * @throws ParameterException if they are not
     */
    static void require(CommandSpec spec, boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Requires that the value of an option is between 0 and 1. */
    static void requireFraction(CommandSpec spec, String option, double value) {
        require(spec, value > 0 && value < 1, option + " must be above 0 and below 1, got " + value);
    }
}
