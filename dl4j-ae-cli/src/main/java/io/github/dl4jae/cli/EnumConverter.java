package io.github.dl4jae.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a constant by its name on the command line, which {@code toString} returns. The converter of picocli takes the
 * names in Java too, and lists both.
 */
record EnumConverter<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {

    @Override
    public E convert(String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "must be one of " + Arrays.toString(type.getEnumConstants()) + ", got '" + value + "'"));
    }
}
