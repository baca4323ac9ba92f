package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.io.Serializable;
import java.util.Arrays;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies of a mini-batch, one below the other, perturbed so that differences of their codes are derivatives.
 *
 * <pre>
 * 2 copies   x,  x + σv                                  D = (h₁ − h₀)/σ ≈ J(x)·v
 * 4 copies   x,  x + σv,  x + ε,  x + ε + σv             D′ = (h₃ − h₂)/σ ≈ J(x + ε)·v
 * </pre>
 *
 * @param copies 2, or 4 for the higher order
 * @param probe σ
 * @param perturbation the standard deviation of ε
 */
record StackedCopies(int copies, double probe, double perturbation) implements Serializable {

    StackedCopies {
        Require.that(
                copies == 2 || copies == 4,
                "EncoderContraction",
                "copies must be 2, or 4 for the higher order",
                copies,
                "create the ends by EncoderContraction");
        ContractionWeights.requirePerturbation("EncoderContraction", probe);
    }

    /** Independent samples of one iteration. */
    private static final int DIRECTION = 0;

    private static final int NEIGHBOR = 1;

    INDArray stack(INDArray examples, NoiseStream noise, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        INDArray x = FloatingPoint.of(examples);
        long[] shape = x.shape().clone();
        shape[0] *= copies;
        INDArray stacked = workspaces.createUninitialized(ArrayType.ACTIVATIONS, x.dataType(), shape, 'c');
        INDArray rows = stacked.reshape('c', copies, x.length()); // a view
        INDArray flat = x.dup('c').reshape('c', 1, x.length());
        INDArray moved = add(x, noise.at(iteration, epoch, DIRECTION), probe);
        rows.getRow(0, true).assign(flat);
        rows.getRow(1, true).assign(moved);
        if (copies == 4) {
            INDArray step = add(x.ulike().assign(0), noise.at(iteration, epoch, NEIGHBOR), perturbation);
            rows.getRow(2, true).assign(flat.add(step));
            rows.getRow(3, true).assign(moved.add(step));
        }
        return stacked;
    }

    /** Returns x + scale·noise as a row. The noise of an example does not depend on the size of the mini-batch. */
    private static INDArray add(INDArray x, NoiseStream noise, double scale) {
        INDArray sum = Nd4j.createUninitialized(x.dataType(), x.shape(), 'c');
        return NoisyRows.apply(x, sum, noise::normal, (value, v) -> value + scale * v)
                .reshape('c', 1, x.length());
    }

    /** Returns the gradient with respect to x: the sum over its copies. */
    INDArray sum(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        long[] shape = epsilon.shape().clone();
        shape[0] /= copies;
        INDArray all = epsilon.dup('c').reshape('c', copies, epsilon.length() / copies);
        return workspaces
                .createUninitialized(ArrayType.ACTIVATION_GRAD, epsilon.dataType(), shape, 'c')
                .assign(all.sum(0).reshape('c', shape));
    }

    /** Returns a mask for all copies. */
    INDArray stackMask(INDArray mask) {
        INDArray[] masks = new INDArray[copies];
        Arrays.fill(masks, mask);
        return Nd4j.concat(0, masks);
    }
}
