package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.kernel.Products;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pretraining: descends L(x, act_v(h·Wᵀ + vb)) + P(h) + λ‖∂h/∂x̃‖², h = act(x̃·W + b). */
final class TiedAutoencoderLayerImpl extends StackableLayerImpl<TiedAutoencoderLayer> {

    TiedAutoencoderLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        layerConf().requireInput(input, getIndex());
        INDArray weights = getParam(W);
        INDArray x = input.castTo(weights.dataType());
        long examples = x.size(0);
        INDArray corrupted = corrupt(x, workspaces);

        // encode and decode
        Code code = contracts()
                ? new ContractedCode(corrupted, workspaces)
                : new PlainCode(up(corrupted), layerConf().encoderActivation());
        INDArray h = code.h();
        Pair<Double, INDArray> loss = layerConf()
                .getLossFunction()
                .computeGradientAndScore(x, down(h), layerConf().decoderActivation(), null, false);
        score = perExample(loss.getFirst(), examples) + calcRegularizationScore(false);

        // backpropagate
        INDArray delta2 = loss.getSecond(); // [B,n]
        INDArray epsilon = matrix(examples, weights.size(1));
        Products.forward(delta2, weights, epsilon); // [B,n]·[n,m] → [B,m]
        if (layerConf().getPenalty() != null) {
            score += layerConf().getPenalty().value(h, null, examples);
            epsilon.addi(layerConf().getPenalty().gradient(h, null, examples).muli(gradientScale(examples)));
        }
        score += code.score();
        INDArray down = Nd4j.createUninitialized(weights.dataType(), weights.shape(), 'f');
        Products.weightGradient(delta2, h, down); // [n,B]·[B,m] → [n,m]
        INDArray delta1 = code.backprop(epsilon); // [B,m]
        Products.weightGradient(corrupted, delta1, gradientView(W)); // [n,B]·[B,m] → [n,m]
        gradientView(W).addi(down);
        code.addWeightGradient(gradientView(W));
        Products.biasGradient(delta1, gradientView(B));
        Products.biasGradient(delta2, gradientView(VB));
        gradient = asGradient();
    }

    private boolean contracts() {
        return layerConf().getContraction() > 0;
    }

    private INDArray corrupt(INDArray x, LayerWorkspaceMgr workspaces) {
        if (layerConf().getCorruption() == null) {
            return x;
        }
        INDArray corrupted = layerConf()
                .getCorruption()
                .applyDropout(x, matrix(x.size(0), x.size(1)), getIterationCount(), getEpochCount(), workspaces);
        layerConf().getCorruption().clear(); // backprop does not reach it
        return corrupted;
    }

    /** h = act(z), with backprop. */
    private interface Code {
        INDArray h();

        /** Returns the part of the score. */
        double score();

        INDArray backprop(INDArray epsilon);

        void addWeightGradient(INDArray weightGradient);
    }

    private record PlainCode(INDArray z, IActivation activation, INDArray h) implements Code {

        PlainCode(INDArray z, IActivation activation) {
            this(z, activation, activation.getActivation(z.dup(), true));
        }

        @Override
        public double score() {
            return 0;
        }

        @Override
        public INDArray backprop(INDArray epsilon) {
            return activation.backprop(z, epsilon).getFirst();
        }

        @Override
        public void addWeightGradient(INDArray weightGradient) {
            // none besides that of δ
        }
    }

    private final class ContractedCode implements Code {
        private final INDArray h;
        private final JacobianNorm norm;
        /** The factor of the sum over examples in gradients. */
        private final double scale;

        ContractedCode(INDArray x, LayerWorkspaceMgr workspaces) {
            h = matrix(x.size(0), getParam(W).size(1));
            Products.forward(x, getParam(W), h);
            norm = JacobianNorm.activate(layerConf().encoderActivation(), h, getParam(B), null, true, true, workspaces);
            scale = layerConf().getContraction() * gradientScale(x.size(0)) / x.size(0);
        }

        @Override
        public INDArray h() {
            return h;
        }

        @Override
        public double score() {
            return layerConf().getContraction() * norm.sum(getParam(W)) / h.size(0);
        }

        @Override
        public INDArray backprop(INDArray epsilon) {
            return norm.delta(epsilon, getParam(W), scale);
        }

        @Override
        public void addWeightGradient(INDArray weightGradient) {
            norm.addWeightGradient(getParam(W), weightGradient, scale);
        }
    }
}
