package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A custom corruption: sets a square of 10×10 pixels to 0, at a random position at least 4 pixels from the border of an
 * image of 28×28 pixels.
 *
 * @param seed seed of the positions
 */
record Erasure(@JsonProperty("seed") long seed) implements IDropout {

    private static final int SIDE = 28;
    private static final int HOLE = 10;
    private static final int BORDER = 4;

    @JsonCreator
    Erasure {}

    @Override
    public INDArray applyDropout(
            INDArray images, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        return result.assign(images.mul(known((int) images.size(0), iteration, epoch)));
    }

    @Override
    public INDArray backprop(INDArray outputGradient, INDArray inputGradient, int iteration, int epoch) {
        return inputGradient.assign(outputGradient.mul(known((int) outputGradient.size(0), iteration, epoch)));
    }

    /** Returns the mask of the first iteration: 0 in the square, 1 elsewhere. */
    INDArray known(int images) {
        return known(images, 0, 0);
    }

    private INDArray known(int images, int iteration, int epoch) {
        NoiseStream noise = NoiseStream.of(seed, "Erasure").at(iteration, epoch, 0);
        int places = SIDE - 2 * BORDER - HOLE + 1;
        float[][] known = new float[images][SIDE * SIDE];
        double[] place = new double[2];
        for (int i = 0; i < images; i++) {
            Arrays.fill(known[i], 1);
            noise.uniform(i, place, 0, 2);
            int top = BORDER + (int) (places * place[0]);
            int left = BORDER + (int) (places * place[1]);
            for (int row = top; row < top + HOLE; row++) {
                Arrays.fill(known[i], row * SIDE + left, row * SIDE + left + HOLE, 0);
            }
        }
        return Nd4j.createFromArray(known);
    }

    @Override
    public void clear() {
        // no state
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Erasure clone() {
        return this; // immutable
    }
}
