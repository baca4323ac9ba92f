package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Pretraining: contrastive divergence, ∂W = −v₀ᵀ·h₀ + v_kᵀ·h_k. */
final class RestrictedBoltzmannLayerImpl extends StackableLayerImpl<RestrictedBoltzmannLayer> {

    /** Hidden states at the end of the persistent chains; null before the first mini-batch, and for CD. */
    private @Nullable INDArray chains;

    RestrictedBoltzmannLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * The end of a chain.
     *
     * @param v visible means or samples, {@code [N, n]}
     * @param z the total input of the hidden units from v, {@code [N, m]}
     * @param firstZ the total input of the visible units in the first step, {@code [N, n]}
     */
    private record End(INDArray v, INDArray z, INDArray firstZ) {}

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        layerConf().requireInput(input, getIndex());
        Unit hidden = layerConf().getHidden();
        INDArray v0 = input.castTo(getParam(W).dataType());
        long examples = v0.size(0);

        // data
        INDArray z0 = up(v0);
        INDArray h0 = BoltzmannUnits.mean(hidden, z0);

        // model
        INDArray start = BoltzmannUnits.sample(hidden, z0, noise(0));
        End end =
                persistent() ? run(chains(start), true) : run(start, layerConf().isVisibleSampling());
        INDArray hk = BoltzmannUnits.mean(hidden, end.z());
        if (persistent()) {
            keepChains(end.z());
        }
        double perChain = (double) examples / end.v().size(0);

        INDArray firstZ = persistent() ? down(h0) : end.firstZ();
        double error = layerConf()
                .reconstructionLoss()
                .computeScore(v0, firstZ, layerConf().decoderActivation(), null, false);
        score = perExample(error, examples) + calcRegularizationScore(false);
        if (layerConf().getPenalty() != null) {
            // descending P lowers the hidden means of the data in the positive phase
            score += layerConf().getPenalty().value(h0, null, examples);
            INDArray epsilon =
                    layerConf().getPenalty().gradient(h0, null, examples).muli(gradientScale(examples));
            INDArray delta = BoltzmannUnits.backprop(hidden, z0, h0, epsilon);
            h0 = h0.sub(delta);
        }

        INDArray weightGradient = gradientView(W);
        INDArray positive = Nd4j.createUninitialized(weightGradient.dataType(), weightGradient.shape(), 'f');
        Products.weightGradient(v0, h0, positive); // [n,B]·[B,m] → [n,m]
        Products.weightGradient(end.v(), hk, weightGradient);
        weightGradient.muli(perChain).subi(positive);
        gradientView(B).assign(hk.sum(0).muli(perChain).subi(h0.sum(0)));
        gradientView(VB).assign(end.v().sum(0).muli(perChain).subi(v0.sum(0)));
        gradient = asGradient();
    }

    private boolean persistent() {
        return layerConf().getPersistentChains() > 0;
    }

    /** Performs k steps of Gibbs sampling. */
    private End run(INDArray h, boolean visibleSampling) {
        Unit visible = layerConf().getVisible();
        INDArray firstZ = null;
        for (int step = 1; ; step++) {
            INDArray vz = down(h);
            firstZ = firstZ == null ? vz : firstZ;
            INDArray v = visibleSampling
                    ? BoltzmannUnits.sample(visible, vz, noise(2 * step))
                    : BoltzmannUnits.mean(visible, vz);
            INDArray z = up(v);
            if (step == layerConf().getSteps()) {
                return new End(v, z, firstZ);
            }
            h = BoltzmannUnits.sample(layerConf().getHidden(), z, noise(2 * step + 1));
        }
    }

    /** Returns the state of the chains; they start at the data. */
    @SuppressWarnings("try") // the scope is held open, not used
    private INDArray chains(INDArray start) {
        if (chains == null) {
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                int count = layerConf().getPersistentChains();
                chains = Nd4j.createUninitialized(start.dataType(), new long[] {count, start.size(1)}, 'c');
                for (int i = 0; i < count; i++) {
                    chains.putRow(i, start.get(NDArrayIndex.point(i % start.size(0)), NDArrayIndex.all()));
                }
            }
        }
        return chains;
    }

    private void keepChains(INDArray z) {
        Objects.requireNonNull(chains).assign(BoltzmannUnits.sample(layerConf().getHidden(), z, noise(1)));
    }

    private NoiseStream noise(int draw) {
        return NoiseStream.of(conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), draw);
    }
}
