package io.github.dl4jae.internal.runtime;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;

/**
 * Calls of functions of the C library and of loaded native libraries.
 *
 * <p>All methods throw a {@code LinkageError} where JNA or the function is missing.
 */
final class CLibrary {

    private static final NativeLibrary PROCESS = NativeLibrary.getProcess();
    private static final int KEEP = 0;

    private CLibrary() {}

    /** Sets environment variables for native code that is loaded later. Variables with a value keep it. */
    static void setEnvironment(Map<String, String> variables) {
        Function setenv = PROCESS.getFunction("setenv");
        variables.forEach((name, value) -> setenv.invokeInt(new Object[] {name, value, KEEP}));
    }

    /**
     * Registers functions that {@code exit} calls before the handlers registered so far.
     *
     * @param functions functions of the C library, called in the order of the list with the exit status as their first
     *     argument
     */
    static void onExit(String... functions) {
        Function register = PROCESS.getFunction("on_exit");
        Pointer[] handlers = new Pointer[functions.length];
        for (int i = 0; i < functions.length; i++) {
            handlers[i] = PROCESS.getGlobalVariableAddress(functions[i]); // all of them exist, or none is registered
        }
        for (int i = functions.length - 1; i >= 0; i--) {
            register.invokeInt(new Object[] {handlers[i], Pointer.NULL}); // the last one registered runs first
        }
    }

    /** Calls a function without arguments that returns a C string. */
    static String string(long function) {
        return Function.getFunction(new Pointer(function)).invokeString(new Object[0], false);
    }

    /** Calls a function without arguments that returns an int. */
    static int integer(long function) {
        return Function.getFunction(new Pointer(function)).invokeInt(new Object[0]);
    }
}
