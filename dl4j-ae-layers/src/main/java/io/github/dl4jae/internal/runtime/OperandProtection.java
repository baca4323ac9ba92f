package io.github.dl4jae.internal.runtime;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ND4J from freeing operands that its native code still reads: the JVM interprets
 * {@code NativeOpExecutioner.exec} and does not compile it. An interpreted method holds its arguments until it returns.
 *
 * <p>HotSpot takes compiler directives from inside the process, through its management interface. They apply to methods
 * that are not compiled yet. On a JVM without this interface nothing is installed.
 */
public final class OperandProtection {

    private static final Logger log = LoggerFactory.getLogger(OperandProtection.class);

    private static final String METHOD = "org/nd4j/linalg/cpu/nativecpu/ops/NativeOpExecutioner.exec";
    private static final String DIRECTIVES = "[{match: [\"" + METHOD + "\"], Exclude: true}]";

    /** The options of Java that do the same. */
    public static final String OPTIONS = "-XX:CompileCommand=quiet -XX:CompileCommand=exclude,"
            + METHOD.replace('/', '.').replaceFirst("\\.exec$", "::exec");

    private OperandProtection() {}

    /** Installs the protection, unless options on the command line did. Logs a warning if the JVM refuses it. */
    static void install() throws JMException {
        if (isOnCommandLine()) {
            return;
        }
        try {
            addDirectives();
        } catch (IOException e) {
            log.warn(
                    "ND4J can crash this JVM during millions of small operations, and the protection could not be"
                            + " installed ({}). Start Java with {}",
                    e.getMessage(),
                    OPTIONS);
        }
    }

    private static void addDirectives() throws JMException, IOException {
        Path file = Files.createTempFile("dl4j-ae", ".json");
        try {
            Files.writeString(file, DIRECTIVES);
            String answer = diagnose("compilerDirectivesAdd", "\"" + file + "\"");
            if (!isListed(diagnose("compilerDirectivesPrint"))) {
                throw new IOException("compilerDirectivesAdd: " + answer.strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Returns whether the JVM excludes the methods from compilation.
     *
     * @return true if directives or options say so
     */
    public static boolean isInForce() {
        try {
            return isOnCommandLine() || isListed(diagnose("compilerDirectivesPrint"));
        } catch (JMException e) {
            return false; // a JVM without directives
        }
    }

    private static boolean isListed(String directives) {
        int start = directives.indexOf(METHOD);
        return start >= 0 && directives.indexOf("Exclude:true", start) >= 0;
    }

    private static boolean isOnCommandLine() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .map(argument -> argument.replace('/', '.').replace("::", "."))
                .anyMatch(argument -> argument.toLowerCase(Locale.ROOT).startsWith("-xx:compilecommand=exclude,")
                        && argument.endsWith(METHOD.replace('/', '.')));
    }

    /** Runs a command of HotSpot, as jcmd does from outside. */
    private static String diagnose(String command, String... arguments) throws JMException {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        boolean none = arguments.length == 0;
        Object answer = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        commands,
                        command,
                        none ? new Object[0] : new Object[] {arguments},
                        none ? new String[0] : new String[] {String[].class.getName()});
        return String.valueOf(answer);
    }
}
