package io.github.dl4jae.internal.layer;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What layers of one network know of each other. For layer authors.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it. But a network makes its layers one
 * after the other on one thread, and sets the iteration count of each when all are there. So layers join the
 * construction of their thread as they are made and keep it, and the first count ends it for the thread.
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

    /** Weak, as a network that could not be made to its end leaves its layers here. */
    private final List<WeakReference<Object>> members = new ArrayList<>();

    private NetworkConstruction() {}

    /**
     * Joins the network that is being made on this thread.
     *
     * @param member a layer, or another part of one, such as its loss
     * @return the construction, which now has this member
     */
    public static NetworkConstruction join(Object member) {
        NetworkConstruction construction = OF_THREAD.get();
        construction.members.add(new WeakReference<>(member));
        return construction;
    }

    /** Ends the construction of this thread: all layers of its network are made. */
    public static void complete() {
        OF_THREAD.remove();
    }

    /**
     * Returns the members of a type.
     *
     * @param type a class or interface
     * @param <T> the type
     * @return those that are still in use, in the order in which they joined
     */
    public <T> Stream<T> members(Class<T> type) {
        return members.stream().map(WeakReference::get).filter(type::isInstance).map(type::cast);
    }
}
