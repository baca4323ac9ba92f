package io.github.dl4jae.kernel;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.lossfunctions.ILossFunction;

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
    private final List<WeakReference<ExampleScores>> layers = new ArrayList<>();

    private final List<ILossFunction> losses = new ArrayList<>();

    private NetworkConstruction() {}

    /**
     * Joins the network that is being made on this thread.
     *
     * @param layer that adds to the score
     * @return the construction, which now has this layer
     */
    public static NetworkConstruction join(ExampleScores layer) {
        NetworkConstruction construction = OF_THREAD.get();
        construction.layers.add(new WeakReference<>(layer));
        return construction;
    }

    /**
     * Joins the network that is being made on this thread, as an output layer.
     *
     * @param loss of the output
     * @return the construction, which now has this loss
     */
    public static NetworkConstruction join(ILossFunction loss) {
        NetworkConstruction construction = OF_THREAD.get();
        construction.losses.add(loss);
        return construction;
    }

    /** Ends the construction of this thread: all layers of its network are made. */
    public static void complete() {
        OF_THREAD.remove();
    }

    /**
     * Returns the layers that have joined.
     *
     * @return those that are still in use
     */
    public Stream<ExampleScores> layers() {
        return layers.stream().map(WeakReference::get).filter(layer -> layer != null);
    }

    /**
     * Returns the losses of output layers that have joined.
     *
     * @return those of this library's output layers
     */
    public List<ILossFunction> losses() {
        return List.copyOf(losses);
    }
}
