package io.github.dl4jae.benchmark;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.updater.FastAdam;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of a training step, each next to its equivalent in stock Deeplearning4j. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {

    /** Results are in a workspace, as in training: allocating memory would take longer than the computation. */
    private static <T> T inWorkspace(Supplier<T> work) {
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("BENCHMARK")) {
            T result = work.get();
            workspace.getId();
            return result;
        }
    }

    /** Dense products: 784 inputs, 512 outputs. */
    @State(Scope.Benchmark)
    public static class Dense {
        @Param({"128", "1024"})
        int batch;

        private INDArray x;
        private INDArray W;
        private INDArray z;
        private INDArray G;

        @Setup
        public void create() {
            x = Nd4j.rand(DataType.FLOAT, batch, 784);
            W = Nd4j.rand(DataType.FLOAT, 784, 512).dup('f');
            z = Nd4j.rand(DataType.FLOAT, batch, 512); // not zeros: those would be skipped
            G = W.ulike();
        }
    }

    @Benchmark
    public INDArray forwardProduct(Dense state) {
        Products.forward(state.x, state.W, state.z);
        return state.z;
    }

    @Benchmark
    public INDArray forwardProductStock(Dense state) {
        return state.x.mmuli(state.W, state.z);
    }

    @Benchmark
    public INDArray weightGradient(Dense state) {
        Products.weightGradient(state.x, state.z, state.G);
        return state.G;
    }

    /** Products with a code of 8192 units of which 32 are active, 512 inputs, 512 examples. */
    @State(Scope.Benchmark)
    public static class Sparse {
        private INDArray code;
        private INDArray decoder;
        private INDArray x;
        private INDArray G;
        private INDArray preActivations;
        private final ActivationTopK topK = new ActivationTopK(32);

        @Setup
        public void create() {
            Random random = new Random(1);
            float[][] values = new float[512][8192];
            for (float[] row : values) {
                for (int i = 0; i < 32; i++) {
                    row[random.nextInt(row.length)] = 1 + random.nextFloat();
                }
            }
            code = Nd4j.createFromArray(values);
            decoder = Nd4j.rand(DataType.FLOAT, 8192, 512).dup('f');
            x = Nd4j.rand(DataType.FLOAT, 512, 512);
            G = decoder.ulike();
            preActivations = Nd4j.randn(DataType.FLOAT, 512, 8192);
        }
    }

    @Benchmark
    public INDArray sparseDecoding(Sparse state) {
        return inWorkspace(() -> {
            INDArray z = Nd4j.createUninitialized(DataType.FLOAT, new long[] {512, 512}, 'c');
            Products.forward(state.code, state.decoder, z);
            return z;
        });
    }

    @Benchmark
    public INDArray sparseDecodingStock(Sparse state) {
        return inWorkspace(() -> state.code.mmul(state.decoder));
    }

    @Benchmark
    public INDArray sparseWeightGradient(Sparse state) {
        Products.weightGradient(state.code, state.x, state.G);
        return state.G;
    }

    @Benchmark
    public INDArray sparseWeightGradientStock(Sparse state) {
        return Nd4j.gemm(state.code, state.x, state.G, true, false, 1, 0);
    }

    @Benchmark
    public INDArray topK(Sparse state) {
        return inWorkspace(() -> state.topK.getActivation(state.preActivations.dup(), true));
    }

    /** A loss and its gradient, 784 outputs. */
    @State(Scope.Benchmark)
    public static class Loss {
        @Param({"128", "1024"})
        int batch;

        private INDArray labels;
        private INDArray logits;
        private final IActivation sigmoid = new ActivationSigmoid();

        @Setup
        public void create() {
            labels = Nd4j.rand(DataType.FLOAT, batch, 784);
            logits = Nd4j.randn(DataType.FLOAT, batch, 784);
        }

        double evaluate(ILossFunction loss) {
            return inWorkspace(() -> loss.computeGradientAndScore(labels, logits, sigmoid, null, true)
                    .getFirst());
        }
    }

    @Benchmark
    public double lossBernoulli(Loss state) {
        return state.evaluate(new LossBernoulli());
    }

    @Benchmark
    public double lossBinaryXentStock(Loss state) {
        return state.evaluate(new LossBinaryXENT());
    }

    /** One step of an updater. */
    @State(Scope.Benchmark)
    public static class Updater {
        @Param({"1000000", "8000000", "25000000"})
        int parameters;

        private INDArray gradient;
        private GradientUpdater<?> fast;
        private GradientUpdater<?> stock;

        @Setup
        public void create() {
            gradient = Nd4j.randn(DataType.FLOAT, parameters);
            fast = instantiate(new FastAdam());
            stock = instantiate(new Adam());
        }

        private GradientUpdater<?> instantiate(IUpdater updater) {
            return updater.instantiate(Nd4j.create(DataType.FLOAT, 1, 2L * parameters), true);
        }
    }

    @Benchmark
    public void adam(Updater state) {
        state.fast.applyUpdater(state.gradient, 3, 0);
    }

    @Benchmark
    public void adamStock(Updater state) {
        state.stock.applyUpdater(state.gradient, 3, 0);
    }
}
