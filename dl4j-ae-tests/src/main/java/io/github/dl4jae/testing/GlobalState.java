package io.github.dl4jae.testing;

import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.buffer.util.DataTypeUtil;
import org.nd4j.linalg.api.memory.enums.DebugMode;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.profiler.ProfilerConfig;

/**
 * A snapshot of the global state of ND4J and of this library, restored on {@link #close()}.
 *
 * <p>It holds the default data types, the state of the random generator, the profiling mode with its checks for NaN and
 * infinity, the debug mode of the workspaces, and the system properties that start with {@code dl4jae.}.
 */
@SuppressWarnings("deprecation") // ND4J has no other reader of its profiling mode
final class GlobalState implements AutoCloseable {

    private static final String PROPERTIES = "dl4jae.";

    // the first field: reading it initializes ND4J's defaults, which cannot be read before
    private final DataType floatingPointType = Nd4j.defaultFloatingPointType();
    private final DataType defaultType = DataTypeUtil.getDtypeFromContext();
    private final long rootState = Nd4j.getRandom().rootState();
    private final long nodeState = Nd4j.getRandom().nodeState();
    private final OpExecutioner.ProfilingMode profilingMode =
            Nd4j.getExecutioner().getProfilingMode();
    private final ProfilerConfig profiling = OpProfiler.getInstance().getConfig();
    private final DebugMode workspaces = Nd4j.getWorkspaceManager().getDebugMode();
    private final Properties properties = ownProperties();

    private GlobalState() {}

    /** Takes a snapshot and changes nothing. */
    static GlobalState snapshot() {
        return new GlobalState();
    }

    /** Takes a snapshot and makes float64 the default data type. */
    static GlobalState float64() {
        return defaultType(DataType.DOUBLE);
    }

    /** Takes a snapshot and changes the default data type. */
    static GlobalState defaultType(DataType type) {
        GlobalState before = snapshot();
        Nd4j.setDefaultDataTypes(type, type);
        return before;
    }

    private static Properties ownProperties() {
        Properties own = new Properties();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(PROPERTIES)) {
                own.setProperty(name, System.getProperty(name));
            }
        }
        return own;
    }

    @Override
    public void close() {
        Nd4j.setDefaultDataTypes(defaultType, floatingPointType);
        Nd4j.getRandom().setStates(rootState, nodeState);
        if (Nd4j.getExecutioner().getProfilingMode() != profilingMode) {
            Nd4j.getExecutioner().setProfilingMode(profilingMode);
        }
        Nd4j.getExecutioner().setProfilingConfig(profiling);
        Nd4j.getWorkspaceManager().setDebugMode(workspaces);
        ownProperties().stringPropertyNames().stream()
                .filter(name -> !properties.containsKey(name))
                .forEach(System::clearProperty);
        properties.stringPropertyNames().forEach(name -> System.setProperty(name, properties.getProperty(name)));
    }
}
