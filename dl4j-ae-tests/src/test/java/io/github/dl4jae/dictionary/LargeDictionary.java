package io.github.dl4jae.dictionary;

import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Trains 65,536 units on 512 inputs for a few steps, and prints the largest resident size in MiB. */
final class LargeDictionary {

    private LargeDictionary() {}

    public static void main(String[] arguments) throws IOException {
        DictionaryEncoder encoder = arguments[0].equals("TopK") ? new TopKEncoder(32) : new BatchTopKEncoder(32);
        MultiLayerNetwork network = Dictionaries.network(
                DataType.FLOAT,
                new FastAdam(3e-4),
                new DictionaryLayer.Builder()
                        .nIn(512)
                        .nOut(512)
                        .units(65_536)
                        .encoder(encoder)
                        .build());
        for (int i = 0; i < 4; i++) {
            INDArray x = Dictionaries.normal(i, DataType.FLOAT, 1024, 512);
            long start = System.nanoTime();
            network.fit(new DataSet(x, x));
            System.out.printf("step %d: score %.1f, %.1f s%n", i, network.score(), (System.nanoTime() - start) / 1e9);
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                System.out.println("MiB " + Long.parseLong(line.replaceAll("\\D", "")) / 1024);
            }
        }
    }
}
