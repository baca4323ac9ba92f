package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.TrainingPass;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One step of all networks: decoder, discriminators, then the encoder, each with its own updater. */
final class AdversarialStep {

    private final AdversarialOptions options;
    private final CodeHeads heads;
    private final PriorSamples prior;
    private final TrainingPass encoder;
    private final TrainingPass decoder;
    private final CodeDiscriminator ofLatents;
    private final @Nullable CodeDiscriminator ofCategories;

    AdversarialStep(AdversarialOptions options, TrainedNetworks networks) {
        this.options = options;
        this.heads = options.heads();
        this.prior = new PriorSamples(options.mode(), options.prior(), options.seed());
        this.encoder = networks.encoder().pass();
        this.decoder = networks.decoder().pass();
        this.ofLatents = new CodeDiscriminator(networks.latents().pass());
        TrainedNetworks.Part categories = networks.categories();
        this.ofCategories = categories == null ? null : new CodeDiscriminator(categories.pass());
    }

    /**
     * Trains on a mini-batch.
     *
     * @param examples x
     * @param labeled examples for the classifier, and their labels; null without
     * @param step the number of completed steps
     * @return the losses, in the order of {@link AdversarialLosses}
     */
    double[] run(INDArray examples, @Nullable INDArray labeled, int[] labels, int step) {
        double[] losses = new double[AdversarialLosses.COUNT];
        int k = options.mode().categories();
        int rows = (int) examples.size(0);
        INDArray input = options.corruption().corrupt(examples, step);
        InputCorruption ofTwin = options.categoryCorruption();
        boolean twins = ofTwin != null;
        if (ofTwin != null) {
            input = Nd4j.concat(0, ofTwin.corrupt(examples, step), input);
        }
        INDArray output = encoder.forward(input);
        CodeHeads.Drawn drawn = heads.draw(output, step);
        double[][] ofRows = twins ? joined(drawn.codes(), k) : drawn.codes();
        INDArray codes = Nd4j.createFromArray(ofRows).castTo(output.dataType());

        double[][] gradient =
                decoder.loss(codes, examples).castTo(codes.dataType()).toDoubleMatrix();
        losses[0] = decoder.score();
        decoder.update();

        INDArray z = part(codes, k, codes.size(1));
        ofLatents.train(prior.latents(rows, step).castTo(z.dataType()), z);
        add(gradient, ofLatents.deceive(z), k, options.weight());
        losses[1] = ofLatents.loss;
        losses[2] = ofLatents.encoderLoss;
        if (ofCategories != null) {
            INDArray y = part(codes, 0, k);
            ofCategories.train(prior.categories(rows, step).castTo(y.dataType()), y);
            add(gradient, ofCategories.deceive(y), 0, options.categoryWeight());
            losses[3] = ofCategories.loss;
            losses[4] = ofCategories.encoderLoss;
        }
        encoder.backward(array(heads.backward(drawn, twins ? split(gradient, k) : gradient), output));
        encoder.update();
        if (labeled != null) {
            losses[5] = classify(labeled, labels, step);
        }
        return losses;
    }

    /** Takes y from the first half of the rows, and z from the second. */
    private static double[][] joined(double[][] codes, int k) {
        int rows = codes.length / 2;
        double[][] joined = new double[rows][];
        for (int i = 0; i < rows; i++) {
            joined[i] = codes[rows + i].clone();
            System.arraycopy(codes[i], 0, joined[i], 0, k);
        }
        return joined;
    }

    /** Returns the gradient of both halves for that of the joined codes. */
    private static double[][] split(double[][] gradient, int k) {
        int rows = gradient.length;
        double[][] split = new double[2 * rows][gradient[0].length];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(gradient[i], 0, split[i], 0, k);
            System.arraycopy(gradient[i], k, split[rows + i], k, gradient[i].length - k);
        }
        return split;
    }

    /** A step of the encoder as a classifier. */
    private double classify(INDArray labeled, int[] labels, int step) {
        double[] loss = new double[1];
        INDArray output = encoder.forward(options.corruption().corrupt(labeled, -1 - step));
        encoder.backward(array(heads.crossEntropy(output, labels, loss), output));
        encoder.update();
        return loss[0];
    }

    private static INDArray part(INDArray codes, long from, long to) {
        return codes.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
    }

    private static INDArray array(double[][] values, INDArray like) {
        return Nd4j.createFromArray(values).castTo(like.dataType());
    }

    private static void add(double[][] to, INDArray gradient, int column, double weight) {
        double[][] values = gradient.toDoubleMatrix();
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                to[i][column + j] += weight * values[i][j];
            }
        }
    }
}
