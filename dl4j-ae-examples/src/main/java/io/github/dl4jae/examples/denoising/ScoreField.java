package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.denoising.DenoisingScore;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.LangevinSampler;
import io.github.dl4jae.examples.support.ExampleOptions;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.plot.VectorFieldPlot;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Estimates the score of a density, the gradient of its logarithm, by a denoising autoencoder on a spiral. */
@Command(
        name = "score-field",
        description = "The score of a spiral, estimated by a denoising autoencoder, and samples by Langevin dynamics.")
public final class ScoreField implements Callable<Integer> {

    private static final int POINTS = 4000;
    private static final double SIGMA = 0.1;
    private static final int GRID = 25;
    private static final int STEPS_PER_EPOCH = 100;

    @Mixin
    private ExampleOptions options;

    @Override
    public Integer call() {
        Path out = options.out("score-field");
        INDArray spiral = spiral();

        // 1. Train a network with Gaussian noise on its inputs to return the clean points.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .updater(new Adam(2e-3))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(100)
                        .dropOut(new GaussianCorruption(SIGMA, options.seed()))
                        .build())
                .layer(new DenseLayer.Builder().nOut(100).nIn(100).build())
                .layer(new OutputLayer.Builder(new LossGaussian())
                        .nIn(100)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        int epochs = options.epochs(20, 20);
        DataSet points = new DataSet(spiral, spiral);
        try (MinibatchBar bar = new MinibatchBar("train", (long) epochs * STEPS_PER_EPOCH)) {
            new Trainer.Builder(
                            network,
                            TrainingData.perEpoch(
                                    epoch -> new ExistingDataSetIterator(Collections.nCopies(STEPS_PER_EPOCH, points))))
                    .epochs(epochs)
                    .checkpoint(out.resolve("checkpoint.zip"))
                    .listener(bar)
                    .build()
                    .fit();
        }

        // 2. Estimate the score, (r(x) − x)/σ², and sample the density by Langevin dynamics.
        DenoisingScore score = new DenoisingScore(Autoencoders.of(network, 1)::reconstruct, SIGMA);
        INDArray grid = grid();
        INDArray start = Nd4j.createUninitialized(spiral.dataType(), 400, 2);
        start.assign(
                Nd4j.createFromArray(uniform(400)).reshape(400, 2).muli(2.4).subi(1.2));
        INDArray samples = new LangevinSampler(score, SIGMA * SIGMA / 10, options.seed()).run(start, 2000);
        new Report(
                        "The score of a spiral",
                        "Arrows show (r(x) − x)/σ², σ = " + SIGMA + ". Their length is the square root of its norm.",
                        out)
                .formula(
                        "score-matching",
                        "Minimized, up to a factor: the squared error of points x, reconstructed from"
                                + " points with Gaussian noise ε. The reconstruction r gives the score.")
                .figure("mean distance of random points from the spiral", distance(start, spiral))
                .figure("the same after 2000 steps of Langevin dynamics", distance(samples, spiral))
                .figure("standard deviation of the training noise", SIGMA)
                .picture("field", "Training points, and the estimated score.", () -> new VectorFieldPlot(
                                "Score of a spiral", "x1", "x2")
                        .arrows(grid, score.apply(grid))
                        .points("examples", first(spiral))
                        .draw())
                .picture("samples", "Samples by Langevin dynamics.", () -> new VectorFieldPlot(
                                "Langevin samples", "x1", "x2")
                        .points("examples", first(spiral))
                        .points("samples", samples)
                        .draw())
                .write();
        return 0;
    }

    /** Returns points of the spiral r = t/3π, t from 0 to 3π. */
    private INDArray spiral() {
        double[] t = uniform(POINTS);
        double[][] points = new double[POINTS][];
        for (int i = 0; i < POINTS; i++) {
            double angle = 3 * Math.PI * Math.sqrt(t[i]);
            points[i] = new double[] {Math.sqrt(t[i]) * Math.cos(angle), Math.sqrt(t[i]) * Math.sin(angle)};
        }
        return Nd4j.createFromArray(points).castTo(DataType.FLOAT);
    }

    private double[] uniform(int count) {
        double[] values = new double[2 * count];
        NoiseStream.of(options.seed(), "spiral " + count).uniform(0, values, 0, values.length);
        return values;
    }

    private static INDArray grid() {
        double[][] points = new double[GRID * GRID][];
        for (int i = 0; i < points.length; i++) {
            int row = i / GRID;
            int column = i % GRID;
            points[i] = new double[] {-1.2 + 2.4 * column / (GRID - 1), -1.2 + 2.4 * row / (GRID - 1)};
        }
        return Nd4j.createFromArray(points).castTo(DataType.FLOAT);
    }

    private static INDArray first(INDArray points) {
        return points.get(NDArrayIndex.interval(0, 1000), NDArrayIndex.all());
    }

    /** Returns the mean distance to the nearest training point. */
    private static double distance(INDArray points, INDArray examples) {
        double sum = 0;
        for (int i = 0; i < points.size(0); i++) {
            sum += examples.subRowVector(points.getRow(i)).norm2(1).minNumber().doubleValue();
        }
        return sum / points.size(0);
    }
}
