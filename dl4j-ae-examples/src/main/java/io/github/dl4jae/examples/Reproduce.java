package io.github.dl4jae.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains by the recipe of a paper, and prints its figure beside the one measured. */
@Command(
        name = "reproduce",
        description = "Published figures: trains by the recipe of a paper and prints both figures.",
        synopsisSubcommandLabel = "WHAT",
        usageHelpAutoWidth = true,
        subcommands = {
            ReproduceVariational.Vae.class,
            ReproduceVariational.Iwae.class,
            ReproduceHinton2006.class,
            ReproduceContractive2011.class,
            ReproduceKSparse2013.class,
            ReproduceStacked2010.class,
            ReproduceConcrete2019.class
        })
final class Reproduce implements Runnable {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli answers it
    @Option(names = "--help", usageHelp = true, description = "show this and leave")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "reproduce: WHAT must be one of " + spec.subcommands().keySet() + ", got none");
    }

    /** The papers' data, unless the user names other. */
    static final class MnistByDefault implements CommandLine.IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option && option.longestName().equals("--data") ? "mnist" : null;
        }
    }
}
