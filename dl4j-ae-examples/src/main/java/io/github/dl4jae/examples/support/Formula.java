package io.github.dl4jae.examples.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Formulas in MathML, which browsers show without scripts. Each is a resource {@code formulas/NAME.mathml}. */
final class Formula {

    private Formula() {}

    /** Returns the MathML of a formula. */
    static String named(String name) {
        String resource = "/io/github/dl4jae/examples/formulas/" + name + ".mathml";
        try (InputStream in = Formula.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "Report: formula must be a resource, got " + name + "; add " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
