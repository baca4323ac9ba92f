package io.github.dl4jae.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * ND4J's default data type while a test runs. On a method it overrides that of the class; {@link RestoreGlobalState}
 * sets it and restores the earlier one.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface DefaultType {
    /** The default type, of floating-point arrays too. */
    DataType value();
}
