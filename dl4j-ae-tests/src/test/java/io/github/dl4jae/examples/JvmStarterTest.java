package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JVM that {@code mvn exec:java} starts. */
class JvmStarterTest {

    private static final String PROPERTY = "dl4jae.starter.test";

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    /** Maven sets the system properties of its command line, as {@code -Ddl4jae.data=DIR}, in its own JVM alone. */
    @Test
    void propertiesOfTheLibrary_arePassedOn() {
        System.setProperty(PROPERTY, "a directory/with spaces");

        assertThat(JvmStarter.command("-Xmx1g", "-cp", "%classpath", "Main", "--data", "mnist"))
                .contains("-D" + PROPERTY + "=a directory/with spaces")
                .doesNotContain("%classpath")
                .endsWith("Main", "--data", "mnist")
                .allMatch(argument -> !argument.startsWith("-Djava."));
    }
}
