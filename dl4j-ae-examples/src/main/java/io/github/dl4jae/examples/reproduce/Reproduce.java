package io.github.dl4jae.examples.reproduce;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains by the recipe of a paper, and prints the published and the measured figure. */
@Command(
        name = "reproduce",
        description = "Trains by the recipe of a paper, and prints the published and the measured figure.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            Variational2016.Vae.class,
            Variational2016.Iwae.class,
            Hinton2006.class,
            Contractive2011.class,
            KSparse2013.class,
            Stacked2010.class,
            Concrete2019.class,
            Adbench.class,
            OneClass.class,
            Synthsae.class,
            Bbans.class,
            Makhzani2015.class,
            Addition.class
        })
public final class Reproduce implements Runnable {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "reproduce: WHAT must be one of " + spec.subcommands().keySet() + ", got none");
    }
}
