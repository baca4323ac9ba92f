package io.github.dl4jae;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The types that a class exposes: supertypes, signatures of public and protected members, JSON properties. */
final class PublicFace {

    /**
     * An exposed type.
     *
     * @param where the member that mentions it
     * @param type the type
     */
    record Mention(String where, Class<?> type) {}

    private PublicFace() {}

    static Stream<Mention> of(Class<?> type) {
        if (!isVisible(type)) {
            return Stream.empty();
        }
        Stream<Type> supertypes =
                Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()));
        return Stream.of(
                        mentions(type.getName(), supertypes),
                        Stream.of(type.getDeclaredFields())
                                .filter(field -> isOpen(field) || isJson(field))
                                .flatMap(PublicFace::ofField),
                        Stream.of(type.getDeclaredConstructors())
                                .filter(constructor -> isOpen(constructor) || isJson(constructor))
                                .flatMap(PublicFace::ofExecutable),
                        Stream.of(type.getDeclaredMethods())
                                .filter(method -> isOpen(method) && !method.isSynthetic())
                                .flatMap(method -> Stream.concat(
                                        ofExecutable(method),
                                        mentions(method.toString(), Stream.of(method.getGenericReturnType())))))
                .flatMap(mentions -> mentions);
    }

    private static boolean isVisible(Class<?> type) {
        boolean open = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        return open && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isOpen(Member member) {
        return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
    }

    private static boolean isJson(Field field) {
        return field.isAnnotationPresent(JsonProperty.class);
    }

    private static boolean isJson(Constructor<?> constructor) {
        return Arrays.stream(constructor.getParameterAnnotations())
                .flatMap(Arrays::stream)
                .anyMatch(JsonProperty.class::isInstance);
    }

    private static Stream<Mention> ofField(Field field) {
        return mentions(field.toString(), Stream.of(field.getGenericType()));
    }

    private static Stream<Mention> ofExecutable(Executable executable) {
        return mentions(
                executable.toString(),
                Stream.concat(
                        Stream.of(executable.getGenericParameterTypes()),
                        Stream.of(executable.getGenericExceptionTypes())));
    }

    private static Stream<Mention> mentions(String where, Stream<Type> types) {
        return types.flatMap(PublicFace::classes).map(type -> new Mention(where, type));
    }

    private static Stream<Class<?>> classes(Type type) {
        if (type instanceof Class<?> plain) {
            return Stream.of(plain.isArray() ? plain.getComponentType() : plain);
        } else if (type instanceof ParameterizedType generic) {
            return Stream.concat(
                    classes(generic.getRawType()),
                    Stream.of(generic.getActualTypeArguments()).flatMap(PublicFace::classes));
        } else if (type instanceof GenericArrayType array) {
            return classes(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            return Stream.of(wildcard.getUpperBounds()).flatMap(PublicFace::classes);
        } else if (type instanceof TypeVariable<?> variable) {
            return Stream.of(variable.getBounds())
                    .filter(bound -> bound instanceof Class<?>)
                    .flatMap(PublicFace::classes);
        }
        return Stream.empty();
    }
}
