package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A test of calls with null, which the test class lists in a static method {@code nulls}. */
public interface RefusesNull {

    /** Returns a call with null, and the requirement that its message must state. */
    static Arguments call(String requirement, ThrowingCallable call) {
        return arguments(requirement, call);
    }

    @ParameterizedTest
    @MethodSource("nulls")
    default void null_isRefusedByName(String requirement, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(requirement + ", got null");
    }
}
