package io.github.dl4jae.concrete;

import io.github.dl4jae.noise.NoiseStream;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What 100 selectors of 10,000 columns cost beside the matrix products, each beside the same by ND4J operations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SelectorBenchmark {

    private static final double TEMPERATURE = 0.5;

    private final NoiseStream noise = NoiseStream.of(1, "selector");
    private INDArray logits;
    private INDArray P;
    private INDArray gradient;
    private int step;

    @Setup
    public void create() {
        logits = Nd4j.randn(DataType.FLOAT, 10_000, 100).dup('f');
        P = logits.ulike();
        ColumnSoftmax.softmax(logits, P);
        gradient = Nd4j.randn(DataType.FLOAT, 10_000, 100).dup('f');
    }

    @Benchmark
    public INDArray gumbelSoftmax() {
        ColumnSoftmax.sample(logits, TEMPERATURE, noise.at(step++, 0, 0), P);
        return P;
    }

    @Benchmark
    public INDArray gumbelSoftmaxStock() {
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("BENCHMARK")) {
            INDArray u = Nd4j.rand(DataType.FLOAT, logits.shape());
            INDArray t = logits.sub(Transforms.log(Transforms.log(u, false).negi(), false));
            Nd4j.exec(new SoftMax(t.divi(TEMPERATURE), P, 0));
            workspace.getId();
            return P;
        }
    }

    /** Leaves a gradient as it is from the second time on: no step is easier than another. */
    @Benchmark
    public INDArray naturalGradient() {
        ColumnSoftmax.backprop(P, gradient, true, 1);
        return gradient;
    }

    @Benchmark
    public INDArray naturalGradientStock() {
        try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace("BENCHMARK")) {
            gradient.subiRowVector(P.mul(gradient).sum(0));
            workspace.getId();
            return gradient;
        }
    }
}
