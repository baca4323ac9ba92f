package io.github.dl4jae.cli;

import com.sun.management.OperatingSystemMXBean;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;

/** The memory that a network needs, computed before it is allocated. */
final class NetworkSize {

    /** Of a parameter: its value, its gradient and the two moments of Adam, as float32. */
    private static final int BYTES = 16;

    private static final double GIBI = 1L << 30;

    private NetworkSize() {}

    /**
     * Requires that the parameters of a network fit into the memory of the machine.
     *
     * @throws IllegalArgumentException if they do not
     */
    static void require(ZooAutoencoder zoo) {
        long parameters = 0;
        for (NeuralNetConfiguration layer : zoo.configuration().getConfs()) {
            parameters += layer.getLayer().initializer().numParams(layer);
        }
        long memory = memory();
        if (parameters > Integer.MAX_VALUE || parameters * BYTES > memory) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s must fit into %.1f GiB of memory, got %,d parameters, which need %.1f GiB; set --hidden and"
                            + " --code, such as --hidden 256 --code 32, scale images down, or give Java more memory,"
                            + " such as DL4JAE_OPTS=-Xmx8g",
                    zoo,
                    memory / GIBI,
                    parameters,
                    parameters * (double) BYTES / GIBI));
        }
    }

    /** Returns the memory of the machine, or the bound of the process if that is less. */
    private static long memory() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long machine = system == null ? Long.MAX_VALUE : system.getTotalMemorySize();
        long bound = Pointer.maxPhysicalBytes();
        return bound > 0 ? Math.min(machine, bound) : machine;
    }
}
