package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The term of CAE+H: a penalty on changes of the Jacobian around an example.
 *
 * <pre>
 * H = 1/K · Σ_k Σ_i ‖J(x_i) − J(x_i + ε_ki)‖_F² = 1/K · Σ_kij (s_ij − s̃_kij)² c_j        ε ~ N(0, σ²I)
 *
 * d = s − s̃:   ∂H/∂z = 2/K·d·s₂·c     ∂H/∂z̃ = −2/K·d·s̃₂·c     ∂H/∂W (directly) = 2/K·W·diag(Σ d²)
 * </pre>
 */
final class HigherOrderContraction {

    /**
     * One perturbation of all examples.
     *
     * @param x x + ε
     * @param norm with its slopes
     */
    private record Copy(INDArray x, JacobianNorm norm) {}

    private final INDArray W;
    private final JacobianNorm center;
    private final List<Copy> copies = new ArrayList<>();

    private HigherOrderContraction(INDArray W, JacobianNorm center) {
        this.W = W;
        this.center = center;
    }

    /** Samples the perturbations and activates the layer for each. */
    static HigherOrderContraction draw(
            ContractiveLayer layer,
            INDArray x,
            INDArray W,
            INDArray b,
            INDArray mask,
            JacobianNorm center,
            NoiseStream noise,
            int iteration,
            int epoch,
            LayerWorkspaceMgr workspaces) {
        HigherOrderContraction contraction = new HigherOrderContraction(W, center);
        for (int k = 0; k < layer.getPerturbations(); k++) {
            INDArray copy = workspaces.createUninitialized(ArrayType.ACTIVATIONS, W.dataType(), x.shape(), 'c');
            double sigma = layer.getPerturbation();
            NoisyRows.apply(
                    x, copy, noise.at(iteration, epoch, k)::normal, (value, epsilon) -> value + sigma * epsilon);
            INDArray z = workspaces.createUninitialized(
                    ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
            Products.forward(copy, W, z);
            contraction.copies.add(
                    new Copy(copy, JacobianNorm.activate(layer.getActivationFn(), z, b, mask, true, true, workspaces)));
        }
        return contraction;
    }

    /** Returns H. */
    double sum() {
        INDArray c = columnNorms();
        double sum = 0;
        for (Copy copy : copies) {
            INDArray d = slope(center).sub(slope(copy.norm()));
            sum += d.muli(d).mulRowVector(c).sumNumber().doubleValue();
        }
        return sum / copies.size();
    }

    /**
     * Adds the gradients of H.
     *
     * @param scale weight of H
     * @param weightGradient ∂/∂W, to which the gradient of H is added, except the part that δ contributes
     * @param through receives Σ_k of the gradients with respect to z̃, which reach x + ε and so x; {@code [B, m]}
     * @return the part of H in δ, {@code [B, m]}
     */
    INDArray backprop(double scale, INDArray weightGradient, INDArray through) {
        INDArray c = columnNorms().muli(2 * scale / copies.size());
        INDArray delta = Nd4j.zeros(W.dataType(), slope(center).shape());
        INDArray squares = Nd4j.zeros(W.dataType(), W.size(1));
        INDArray part = Nd4j.createUninitialized(W.dataType(), W.shape(), 'f');
        for (Copy copy : copies) {
            INDArray d = slope(center).sub(slope(copy.norm()));
            squares.addi(d.mul(d).sum(0));
            if (center.curvature() != null) {
                d.muliRowVector(c);
                delta.addi(d.mul(center.curvature()));
                INDArray deltaOfCopy = d.muli(copy.norm().curvature()).negi();
                through.addi(deltaOfCopy);
                Products.weightGradient(copy.x(), deltaOfCopy, part); // [n,B]·[B,m] → [n,m]
                weightGradient.addi(part);
            }
        }
        weightGradient.addi(W.mulRowVector(squares.muli(2 * scale / copies.size())));
        return delta;
    }

    private static INDArray slope(JacobianNorm norm) {
        return Objects.requireNonNull(norm.slope());
    }

    private INDArray columnNorms() {
        return Nd4j.createFromArray(JacobianNorm.squaredColumnNorms(W)).castTo(W.dataType());
    }
}
