package io.github.dl4jae.testing;

import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Clauses on scores, masks and the ownership of arrays. */
final class ScoreClauses {

    private ScoreClauses() {}

    static void score(Sandwich sandwich, boolean differsAtTestTime) {
        MultiLayerNetwork network = sandwich.network();
        DataSet data = sandwich.data();
        double training = score(network, data, true);
        if (!Double.isFinite(training)) {
            throw new AssertionError("the score must be finite, got " + training);
        }
        GradientClauses.backpropagated(network, data);
        GradientClauses.requireClose("the score that backpropagation leaves", network.score(), training);
        double test = score(network, data, false);
        if (!differsAtTestTime) {
            GradientClauses.requireClose("the score at test time", test, training);
        }
        network.output(data.getFeatures());
        GradientClauses.requireClose(
                "the training score, asked for again after inference", score(network, data, true), training);
        GradientClauses.requireClose("the score at test time, asked for again", score(network, data, false), test);
    }

    /** Requires a mean over examples: duplicating every example must not change it. */
    static void examples(Sandwich sandwich, boolean differsAtTestTime) {
        MultiLayerNetwork network = sandwich.network();
        DataSet data = sandwich.data();
        DataSet twice = new DataSet(
                Nd4j.concat(0, data.getFeatures(), data.getFeatures()),
                Nd4j.concat(0, data.getLabels(), data.getLabels()));
        boolean training = !differsAtTestTime; // noise differs from row to row
        GradientClauses.requireClose(
                "the score of a mini-batch in which every example appears twice",
                score(network, twice, training),
                score(network, data, training));
    }

    private static double score(MultiLayerNetwork network, DataSet data, boolean training) {
        GradientClauses.reseed();
        return network.score(data, training);
    }

    static void mask(Sandwich sandwich, boolean miniBatch, boolean atTheBottom) {
        MultiLayerNetwork network = sandwich.sequenceNetwork(miniBatch, atTheBottom);
        boolean rowsAreTimeSteps = network.getLayerWiseConfigurations().getInputPreProcessors().values().stream()
                .anyMatch(preProcessor -> ExampleCountPreProcessor.unwrapped(preProcessor) != null);
        if (!miniBatch && rowsAreTimeSteps) {
            return; // with the average off, Deeplearning4j tells preprocessors that there is one example
        }
        DataSet data = sandwich.raggedData();
        GradientClauses.gradient(sandwich, network, data);

        INDArray expectedGradient = GradientClauses.backpropagated(network, data);
        double expectedScore = network.score();
        DataSet disturbed = disturbMasked(data, sandwich.timeOnAxis1());
        INDArray gradient = GradientClauses.backpropagated(network, disturbed);
        GradientClauses.requireClose(
                "the score, with other features at masked time steps,", network.score(), expectedScore);
        GradientClauses.requireClose(
                "the gradient, with other features at masked time steps,", gradient, expectedGradient);
        GradientClauses.requireClose(
                "the score at test time, with other features at masked time steps,",
                score(network, disturbed, false),
                score(network, data, false));
    }

    private static DataSet disturbMasked(DataSet data, boolean timeOnAxis1) {
        INDArray mask = data.getFeaturesMaskArray(); // [B,T]
        INDArray sequences =
                timeOnAxis1 ? data.getFeatures() : data.getFeatures().permute(0, 2, 1); // [B,T,n]
        INDArray disturbed = sequences.dup('c');
        for (int example = 0; example < mask.size(0); example++) {
            for (int step = 0; step < mask.size(1); step++) {
                for (int unit = 0; unit < disturbed.size(2) && mask.getDouble(example, step) == 0; unit++) {
                    disturbed.putScalar(example, step, unit, 1 - disturbed.getDouble(example, step, unit));
                }
            }
        }
        INDArray features = timeOnAxis1 ? disturbed : disturbed.permute(0, 2, 1).dup('c');
        return new DataSet(features, data.getLabels(), mask, data.getLabelsMaskArray());
    }

    static void aliasing(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        INDArray input =
                network.feedForward(sandwich.data().getFeatures()).get(1).dup();
        InputPreProcessor preProcessor = network.getLayerWiseConfigurations().getInputPreProcess(1);
        if (preProcessor != null) {
            input = preProcessor.preProcess(input, sandwich.examples(), workspaces);
        }
        INDArray before = input.dup();
        Layer layer = sandwich.subject(network);
        layer.allowInputModification(false);
        network.initGradientsView();
        network.setInputMiniBatchSize(sandwich.examples());

        GradientClauses.reseed();
        INDArray activations = layer.activate(input, true, workspaces);
        GradientClauses.requireClose("the input, after a forward pass,", input, before);
        INDArray epsilon = Nd4j.onesLike(activations).muli(0.3);
        INDArray expected =
                layer.backpropGradient(epsilon.dup(), workspaces).getSecond().dup();

        GradientClauses.reseed();
        INDArray overwritten = layer.activate(input, true, workspaces);
        overwritten.assign(Double.NaN);
        INDArray gradient = layer.backpropGradient(epsilon.dup(), workspaces).getSecond();
        GradientClauses.requireClose(
                "the gradient, after the returned activations were overwritten (does the layer return its input, or"
                        + " keep what it"
                        + " returned?),",
                gradient,
                expected);
    }
}
