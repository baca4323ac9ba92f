package io.github.dl4jae.examples.support;

import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes MNIST the default of {@code --data}, for commands that reproduce a paper. */
public final class MnistByDefault implements IDefaultValueProvider {

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && option.longestName().equals("--data") ? "mnist" : null;
    }
}
