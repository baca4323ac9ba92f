package io.github.dl4jae.internal.layer;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The parts of a network that depend on each other: layers that share weights, the two ends of a contraction, losses
 * that weight samples.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it. But a network creates its layers
 * one after the other on one thread, in the order in which they were declared, and sets the iteration count of each
 * when all exist. Parts therefore register with the construction of their thread as they are created. The first
 * iteration count completes it: later layers of the thread belong to another network. Parts may keep the construction
 * and look for others later.
 */
public final class NetworkConstruction {

    /** A layer whose part of the score is a mean over examples, of which it knows each. */
    public interface ExampleScores {

        /**
         * Returns the layer's part of the score of the last forward pass.
         *
         * @return the mean, as the network's score contains it
         */
        double score();

        /**
         * Returns the same for each example.
         *
         * @return as many values as there were examples; empty if the part is not a mean over examples
         */
        Optional<double[]> scorePerExample();
    }

    private static final ThreadLocal<NetworkConstruction> OF_THREAD = ThreadLocal.withInitial(NetworkConstruction::new);

    /** Weak references, because a network whose construction failed leaves its parts here. */
    private final List<WeakReference<Object>> parts = new ArrayList<>();

    private NetworkConstruction() {}

    /**
     * Registers a part of the network that is under construction on this thread.
     *
     * @param part a layer or vertex, or another part of one, such as its loss
     * @return the construction, which now has this part
     */
    public static NetworkConstruction register(Object part) {
        NetworkConstruction construction = current();
        construction.parts.add(new WeakReference<>(part));
        return construction;
    }

    /**
     * Returns the construction of this thread.
     *
     * @return one without parts if no network is under construction
     */
    public static NetworkConstruction current() {
        return OF_THREAD.get();
    }

    /** Completes the construction of this thread: all layers of its network are created. */
    public static void complete() {
        OF_THREAD.remove();
    }

    /**
     * Finds the parts of a type.
     *
     * @param type a class or interface
     * @param <T> the type
     * @return those that are still in use, in the order in which they were registered
     */
    public <T> Stream<T> find(Class<T> type) {
        return parts.stream().map(WeakReference::get).filter(type::isInstance).map(type::cast);
    }
}
