package io.github.dl4jae.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The two floating-point types that every kernel has a path for, as arguments of a parameterized test. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnumSource(
        value = DataType.class,
        names = {"FLOAT", "DOUBLE"})
public @interface FloatTypes {}
