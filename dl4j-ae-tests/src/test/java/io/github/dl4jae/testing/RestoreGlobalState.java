package io.github.dl4jae.testing;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Restores the {@linkplain GlobalState global state} after each test and each test class, and sets what
 * {@link DefaultType} asks for before each test.
 *
 * <p>JUnit registers this extension for all tests of the module, so a test can set a seed, a data type, a profiling
 * mode or a system property {@code dl4jae.*} without restoring it.
 */
public final class RestoreGlobalState
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(RestoreGlobalState.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        remember(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        remember(context);
        defaultType(context).ifPresent(type -> Nd4j.setDefaultDataTypes(type, type));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        restore(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        restore(context);
    }

    private static void remember(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), GlobalState.snapshot());
    }

    private static void restore(ExtensionContext context) {
        context.getStore(NAMESPACE)
                .remove(context.getUniqueId(), GlobalState.class)
                .close();
    }

    /** Returns the type of the method, or else that of the nearest class around it. */
    private static Optional<DataType> defaultType(ExtensionContext context) {
        Stream<AnnotatedElement> classes = Stream.<Class<?>>iterate(
                        context.getRequiredTestClass(), type -> type != null, Class::getEnclosingClass)
                .map(type -> type);
        return Stream.concat(Stream.of(context.getRequiredTestMethod()), classes)
                .map(element -> element.getAnnotation(DefaultType.class))
                .filter(annotation -> annotation != null)
                .map(DefaultType::value)
                .findFirst();
    }
}
