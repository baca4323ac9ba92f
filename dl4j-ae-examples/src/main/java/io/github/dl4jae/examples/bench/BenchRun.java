package io.github.dl4jae.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures one contender on one case; {@link Bench} starts it in a separate process to measure its peak memory. */
@Command(name = "bench-run", hidden = true)
public final class BenchRun implements Callable<Integer> {

    /** Time for compilation and caches to settle. */
    private static final double WARM_UP_SECONDS = 4;

    @Parameters(index = "0")
    private BenchCase shape;

    @Parameters(index = "1")
    private Contender contender;

    @Option(names = "--seconds")
    private double seconds = 4;

    @Override
    public Integer call() {
        MultiLayerNetwork network = BenchNetworks.create(shape, contender == Contender.OURS);
        IntConsumer step = shape.kind == BenchCase.Kind.ENCODE ? encoding(network) : training(network);
        run(step, WARM_UP_SECONDS, null);
        StringBuilder times = new StringBuilder();
        run(step, seconds, times);
        System.out.println(Measurement.PREFIX + peakMebibytes() + times);
        return 0;
    }

    private IntConsumer training(MultiLayerNetwork network) {
        DataSet[] data = new DataSet[4];
        for (int i = 0; i < data.length; i++) {
            data[i] = BenchNetworks.data(shape, shape.batch);
        }
        return shape.kind == BenchCase.Kind.VAE && contender != Contender.OURS
                ? step -> network.pretrainLayer(0, data[step % data.length].getFeatures())
                : step -> network.fit(data[step % data.length]);
    }

    private IntConsumer encoding(MultiLayerNetwork network) {
        INDArray images = Nd4j.rand(DataType.FLOAT, 60_000, shape.sizes[0]);
        return step -> {
            for (int i = 0; i < images.size(0); i += shape.batch) {
                network.output(images.get(NDArrayIndex.interval(i, i + shape.batch), NDArrayIndex.all()));
            }
        };
    }

    /** Runs at least five steps, enough for a median. */
    private static void run(IntConsumer step, double seconds, StringBuilder times) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int i = 0; i < 5 || System.nanoTime() < end; i++) {
            long start = System.nanoTime();
            step.accept(i);
            if (times != null) {
                times.append(' ').append((System.nanoTime() - start) / 1e6);
            }
        }
    }

    /** Returns the peak resident memory of the process, or NaN if the system does not report it. */
    private static double peakMebibytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
