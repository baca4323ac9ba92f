package io.github.dl4jae.savedmodels;

import io.github.dl4jae.compression.FactorizedPriorLayer;
import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.contractive.ContractiveLayer;
import io.github.dl4jae.contractive.EncoderContraction;
import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolution1DLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsampling1DLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.convolutional.FastUpsampling1DLayer;
import io.github.dl4jae.convolutional.FastUpsamplingLayer;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.denoising.SaltAndPepperNoise;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastLossLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.dense.TransposedDenseLayer;
import io.github.dl4jae.dictionary.AbsTopKEncoder;
import io.github.dl4jae.dictionary.AuxiliaryLoss;
import io.github.dl4jae.dictionary.BatchTopKEncoder;
import io.github.dl4jae.dictionary.DictionaryEncoder;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.DictionarySchedules;
import io.github.dl4jae.dictionary.GatedEncoder;
import io.github.dl4jae.dictionary.JumpReLUEncoder;
import io.github.dl4jae.dictionary.L1Encoder;
import io.github.dl4jae.dictionary.MatchingPursuitEncoder;
import io.github.dl4jae.dictionary.Resampling;
import io.github.dl4jae.dictionary.TopKEncoder;
import io.github.dl4jae.likelihood.ActivationStableSoftplus;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossBetaBinomial;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossContinuousBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.likelihood.LossMixed;
import io.github.dl4jae.likelihood.LossPoissonNll;
import io.github.dl4jae.likelihood.LossReconstructionDistribution;
import io.github.dl4jae.penalty.AbsoluteSparsityPenalty;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.penalty.SquaredSparsityPenalty;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import io.github.dl4jae.quantized.BinaryCodeLayer;
import io.github.dl4jae.quantized.BinarySampling;
import io.github.dl4jae.quantized.FiniteScalarQuantizationLayer;
import io.github.dl4jae.quantized.VectorQuantizationLayer;
import io.github.dl4jae.recurrent.AttentionDecoderVertex;
import io.github.dl4jae.recurrent.AttentionPoolingLayer;
import io.github.dl4jae.recurrent.FastGruLayer;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRepeatVectorLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.recurrent.SequenceReversalVertex;
import io.github.dl4jae.schedule.CyclicalSchedule;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.sparse.SparsityAxis;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.sparse.WinnerTakeAllLayer;
import io.github.dl4jae.sparsecoding.PredictiveSparseLayer;
import io.github.dl4jae.timeseries.LossSeries;
import io.github.dl4jae.timeseries.TimeBasis;
import io.github.dl4jae.timeseries.TimeBasisLayer;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.DisentangledInferredPrior;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.LatentRegularizer;
import io.github.dl4jae.variational.MaximumMeanDiscrepancy;
import io.github.dl4jae.variational.PseudoInputLayer;
import io.github.dl4jae.variational.SmallModels;
import io.github.dl4jae.variational.TotalCorrelation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Small networks that together contain every class of the library that Deeplearning4j stores.
 *
 * <p>Longer than 300 lines: a model for each class.
 */
final class SavedModels {

    private static final int IN = 5;
    private static final int CODE = 3;
    private static final int SIDE = 4;
    private static final int EXAMPLES = 4;
    private static final int STEPS = 3;

    private final Map<String, Supplier<SavedModel>> models = new TreeMap<>();

    private SavedModels() {}

    /** Returns the networks by the names of their files. */
    static Map<String, Supplier<SavedModel>> all() {
        SavedModels all = new SavedModels();
        all.addDense();
        all.addConvolutional();
        all.addRecurrent();
        all.addPenaltiesAndSparsity();
        all.addContractions();
        all.addPretraining();
        all.addLikelihoods();
        all.addVariational();
        all.addNoise();
        all.addSchedules();
        all.addUpdaters();
        all.addDictionaries();
        all.addQuantized();
        all.addCompression();
        all.addTimeSeries();
        return all.models;
    }

    private void addDense() {
        encoder("FastDenseLayer", () -> new FastDenseLayer.Builder().nOut(CODE).hasLayerNorm(true));
        encoder("RowMajorWeights", () -> new FastDenseLayer.Builder().nOut(CODE).rowMajorWeights(true));
        add(
                "FastOutputLayer",
                () -> layers(
                        new Sgd(0.1),
                        new FastOutputLayer.Builder(new LossMSE()).nOut(IN).build()));
        add(
                "FastLossLayer",
                () -> layers(
                        new Sgd(0.1),
                        new FastDenseLayer.Builder().nOut(IN).build(),
                        new FastLossLayer.Builder(new LossMSE())
                                .activation(Activation.SIGMOID)
                                .build()));
        add("TransposedDenseLayer", () -> {
            GraphBuilder graph = base(new Sgd(0.1)).graphBuilder();
            return graph(graph.addInputs("in")
                    .addLayer(
                            "encoder",
                            new FastDenseLayer.Builder().nIn(IN).nOut(CODE).build(),
                            "in")
                    .addLayer(
                            "decoder",
                            new TransposedDenseLayer.Builder("encoder")
                                    .nIn(CODE)
                                    .nOut(IN)
                                    .build(),
                            "encoder")
                    .addLayer("out", new LossLayer.Builder(new LossMSE()).build(), "decoder")
                    .setOutputs("out"));
        });
    }

    private void addConvolutional() {
        add(
                "FastConvolutionLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastConvolutionLayer.Builder(3, 2)
                                .nOut(2)
                                .stride(2, 1)
                                .padding(1, 0)
                                .inputGradient(false)
                                .build(),
                        output()));
        add(
                "FastDeconvolutionLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastDeconvolutionLayer.Builder(2, 2)
                                .nOut(2)
                                .stride(2, 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        output()));
        sequences(
                "FastConvolution1DLayer",
                new FastConvolution1DLayer.Builder(2)
                        .nOut(CODE)
                        .dilation(2)
                        .convolutionMode(ConvolutionMode.Causal)
                        .inputGradient(false));
        sequences(
                "FastDeconvolution1DLayer",
                new FastDeconvolution1DLayer.Builder(3).nOut(CODE).padding(1).hasBias(false));
        add(
                "FastSubsampling1DLayer",
                () -> sequences(new FastSubsampling1DLayer.Builder(PoolingType.PNORM, 2)
                        .dilation(2)
                        .pnorm(3)
                        .convolutionMode(ConvolutionMode.Causal)
                        .build()));
        add(
                "FastUpsampling1DLayer",
                () -> sequences(
                        new FastUpsampling1DLayer.Builder(2).build(),
                        new FastSubsampling1DLayer.Builder(PoolingType.SUM, 2)
                                .stride(2)
                                .build()));
        add(
                "FastSubsamplingLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastSubsamplingLayer.Builder(PoolingType.PNORM, 3, 2)
                                .stride(2, 1)
                                .padding(1, 0)
                                .pnorm(3)
                                .build(),
                        output()));
        add(
                "FastUpsamplingLayer",
                () -> images(values(EXAMPLES, IN), new FastUpsamplingLayer.Builder(2, 1).build(), output()));
        add(
                "FastBatchNormalizationLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastBatchNormalizationLayer.Builder()
                                .gamma(1.5)
                                .beta(0.1)
                                .useLogStd(false)
                                .build(),
                        output()));
        add(
                "FastActivationLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastActivationLayer.Builder()
                                .activation(Activation.TANH)
                                .build(),
                        output()));
        add(
                "FastCnnLossLayer",
                () -> images(
                        values(EXAMPLES, SIDE * SIDE).reshape(EXAMPLES, 1, SIDE, SIDE),
                        new FastConvolutionLayer.Builder(1, 1).nOut(1).build(),
                        new FastCnnLossLayer.Builder(new LossBernoulli())
                                .activation(Activation.SIGMOID)
                                .build()));
    }

    private void sequences(String name, Layer.Builder<?> layer) {
        int steps = 4;
        add(name, () -> {
            MultiLayerNetwork network = network(
                    new Sgd(0.1),
                    InputType.recurrent(IN, steps),
                    layer.build(),
                    new FastRnnOutputLayer.Builder(new LossMSE())
                            .nOut(IN)
                            .activation(Activation.IDENTITY)
                            .build());
            INDArray sequences = values(EXAMPLES, IN * (long) steps).reshape(EXAMPLES, IN, steps);
            return new SavedModel(network, sequences, sequences);
        });
    }

    private void addRecurrent() {
        add(
                "FastLstmLayer",
                () -> sequences(new FastLstmLayer.Builder()
                        .nOut(CODE)
                        .activation(Activation.TANH)
                        .build()));
        add(
                "FastGruLayer",
                () -> sequences(new FastGruLayer.Builder()
                        .nOut(CODE)
                        .gateActivationFunction(Activation.HARDSIGMOID)
                        .build()));
        add(
                "FastRepeatVectorLayer",
                () -> sequences(
                        new LastTimeStep(new FastGruLayer.Builder().nOut(CODE).build()),
                        new FastRepeatVectorLayer.Builder(STEPS).build()));
        add(
                "AttentionPoolingLayer",
                () -> sequences(
                        new AttentionPoolingLayer.Builder().attention(2).build(),
                        new FastRepeatVectorLayer.Builder(STEPS).build()));
        add("AttentionDecoderVertex", () -> {
            GraphBuilder builder = base(new Sgd(0.1)).graphBuilder();
            ComputationGraph graph = new ComputationGraph(builder.addInputs("in")
                    .setInputTypes(InputType.recurrent(IN, STEPS))
                    .addVertex("reversed", new SequenceReversalVertex(), "in")
                    .addVertex(
                            "decoder",
                            new AttentionDecoderVertex.Builder()
                                    .cell(RecurrentCell.LSTM)
                                    .inputs(IN)
                                    .encoderUnits(IN)
                                    .units(CODE)
                                    .attention(2)
                                    .updater(new Sgd(0.1))
                                    .build(),
                            "in",
                            "reversed")
                    .addLayer(
                            "out",
                            new FastRnnOutputLayer.Builder(new LossMSE())
                                    .nOut(IN)
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            "decoder")
                    .setOutputs("out")
                    .build());
            graph.init();
            INDArray sequences = values(EXAMPLES, IN * STEPS).reshape(EXAMPLES, IN, STEPS);
            return new SavedModel(graph, sequences, sequences);
        });
    }

    private static SavedModel sequences(Layer... layers) {
        Layer output = new FastRnnOutputLayer.Builder(new LossMSE())
                .nOut(IN)
                .activation(Activation.IDENTITY)
                .build();
        MultiLayerNetwork network = network(
                new Sgd(0.1),
                InputType.recurrent(IN, STEPS),
                Stream.concat(Stream.of(layers), Stream.of(output)).toArray(Layer[]::new));
        INDArray sequences = values(EXAMPLES, IN * STEPS).reshape(EXAMPLES, IN, STEPS);
        return new SavedModel(network, sequences, sequences);
    }

    private static SavedModel images(INDArray labels, Layer... layers) {
        MultiLayerNetwork network = network(new Sgd(0.1), InputType.convolutionalFlat(SIDE, SIDE, 1), layers);
        return new SavedModel(network, values(EXAMPLES, SIDE * SIDE), labels);
    }

    private void addPenaltiesAndSparsity() {
        List.<ActivityPenalty>of(
                        new AbsoluteSparsityPenalty(0.1, 0.3),
                        new SquaredSparsityPenalty(0.1, 0.3),
                        new KLSparsityPenalty(0.1, 0.3),
                        new L1Penalty(0.3),
                        new L2Penalty(0.3))
                .forEach(penalty -> add(
                        nameOf(penalty),
                        () -> layers(
                                new Sgd(0.1),
                                dense(Activation.SIGMOID.getActivationFunction()),
                                new ActivityRegularizationLayer.Builder()
                                        .penalty(penalty)
                                        .build(),
                                output())));
        add(
                "TopKLayer",
                () -> layers(
                        new Sgd(0.1),
                        dense(Activation.TANH.getActivationFunction()),
                        new TopKLayer.Builder().k(2).alpha(1.5).build(),
                        output()));
        add("ActivationTopK", () -> layers(new Sgd(0.1), dense(new ActivationTopK(2, 1.5)), output()));
        add(
                "WinnerTakeAllLayer",
                () -> images(
                        values(EXAMPLES, IN),
                        new FastConvolutionLayer.Builder(3, 3)
                                .nOut(2)
                                .activation(new ActivationTopK(5, 1, SparsityAxis.EXAMPLE))
                                .build(),
                        new TopKLayer.Builder()
                                .k(3)
                                .axis(SparsityAxis.POSITIONS)
                                .build(),
                        new WinnerTakeAllLayer.Builder()
                                .lifetimeSparsity(0.5)
                                .spatialSparsityAtTestTime(true)
                                .build(),
                        output()));
        encoder("PredictiveSparseLayer", () -> new PredictiveSparseLayer.Builder()
                .nOut(CODE)
                .sparsity(0.2)
                .coupling(0.7)
                .inference(50, 1e-4));
    }

    private void addContractions() {
        encoder("ContractiveLayer", () -> new ContractiveLayer.Builder()
                .nOut(CODE)
                .contraction(0.2)
                .higherOrder(0.3, 0.1)
                .perturbations(2));
        add("EncoderContraction", () -> {
            List<Layer> between =
                    contraction().around(new FastDenseLayer.Builder().nOut(CODE).build());
            return layers(new Sgd(0.1), between.get(0), between.get(1), between.get(2), output());
        });
        add("PerturbationVertex", () -> {
            GraphBuilder graph = base(new Sgd(0.1)).graphBuilder();
            return graph(graph.addInputs("in")
                    .addVertex("open", contraction().opening(), "in")
                    .addLayer("code", new FastDenseLayer.Builder().nOut(CODE).build(), "open")
                    .addLayer("close", contraction().closing(), "code")
                    .addLayer("out", output(), "close")
                    .setOutputs("out")
                    .setInputTypes(InputType.feedForward(IN)));
        });
        encoder("ConcreteSelectorLayer", () -> new ConcreteSelectorLayer.Builder()
                .nOut(CODE)
                .temperature(new GeometricSchedule(ScheduleType.EPOCH, 10, 0.1, 20))
                .duplicatePenalty(0.5, 1.1));
    }

    private static EncoderContraction contraction() {
        return new EncoderContraction("contraction", 0.2).higherOrder(0.3, 0.1);
    }

    private void addPretraining() {
        encoder("RestrictedBoltzmannLayer", () -> new RestrictedBoltzmannLayer.Builder()
                .nOut(CODE)
                .steps(2)
                .penalty(new KLSparsityPenalty(0.1, 1)));
        encoder("TiedAutoencoderLayer", () -> new TiedAutoencoderLayer.Builder()
                .nOut(CODE)
                .activation(Activation.SIGMOID)
                .lossFunction(new LossBernoulli())
                .outputActivation(Activation.SIGMOID)
                .corruptionLevel(0.2)
                .contraction(0.1));
    }

    private void addLikelihoods() {
        INDArray values = values(EXAMPLES, CODE);
        INDArray categories = Nd4j.eye(CODE).castTo(DataType.DOUBLE).getRows(0, 2, 1, 2);
        INDArray counts = Nd4j.createFromArray(new double[][] {{0, 1, 2}, {3, 0, 1}, {5, 2, 0}, {1, 1, 1}});
        likelihood(new LossBernoulli(), values, Activation.SIGMOID.getActivationFunction(), CODE);
        likelihood(new LossContinuousBernoulli(), values, Activation.SIGMOID.getActivationFunction(), CODE);
        likelihood(new LossGaussian(0.5), values, Activation.IDENTITY.getActivationFunction(), CODE);
        likelihood(new LossGaussianLearnedVariance(-3), values, Activation.IDENTITY.getActivationFunction(), 2 * CODE);
        likelihood(new LossBetaBinomial(5), counts.div(5), Activation.IDENTITY.getActivationFunction(), 2 * CODE);
        likelihood(new LossCategorical(CODE), categories, Activation.IDENTITY.getActivationFunction(), CODE);
        likelihood(new LossPoissonNll(), counts, new ActivationStableSoftplus(), CODE);
        LossMixed mixed = new LossMixed.Builder()
                .gaussian(0.5, CODE)
                .categorical(CODE)
                .learnedVariance(CODE)
                .bernoulli(CODE)
                .poisson(CODE)
                .build();
        likelihood(
                mixed,
                Nd4j.concat(1, values, categories, values, categories, counts),
                mixed.activation(),
                mixed.outputs());
        likelihood(
                new LossReconstructionDistribution(new GaussianReconstructionDistribution(Activation.IDENTITY)),
                values,
                Activation.IDENTITY.getActivationFunction(),
                2 * CODE);
    }

    private void likelihood(ILossFunction loss, INDArray labels, IActivation activation, int outputs) {
        add(nameOf(loss), () -> {
            Model model = layers(
                            new Sgd(0.1),
                            new FastOutputLayer.Builder(loss)
                                    .nOut(outputs)
                                    .activation(activation)
                                    .build())
                    .model();
            return new SavedModel(model, values(EXAMPLES, IN), labels);
        });
    }

    private void addVariational() {
        add(
                "GaussianLatentLayer",
                () -> latents(new GaussianLatentLayer.Builder()
                        .beta(new LinearSchedule(ScheduleType.EPOCH, 0, 1, 5))
                        .freeBits(0.1)));
        add(
                "GaussianMixture",
                () -> latents(new GaussianLatentLayer.Builder().prior(new LatentPrior.GaussianMixture(2))));
        List.<LatentRegularizer>of(
                        new MaximumMeanDiscrepancy(0.5, MaximumMeanDiscrepancy.Kernel.INVERSE_MULTIQUADRATIC),
                        new DisentangledInferredPrior(1, 10, DisentangledInferredPrior.Target.MEANS),
                        new TotalCorrelation(3, 100))
                .forEach(regularizer -> add(
                        nameOf(regularizer),
                        () -> latents(new GaussianLatentLayer.Builder().regularizer(regularizer))));
        add(
                "Vamp",
                () -> layers(
                        new Sgd(0.1),
                        new PseudoInputLayer.Builder().pseudoInputs(2).build(),
                        dense(Activation.TANH.getActivationFunction()),
                        new GaussianLatentLayer.Builder()
                                .nOut(2)
                                .prior(new LatentPrior.Vamp(2))
                                .build(),
                        output()));
        add("MultiSampleLossLayer", () -> {
            ComputationGraph graph = SmallModels.multiSample(new Sgd(0.1), 3);
            return saved(graph, graph.getLayer("encoder").getParam("W").size(0), IN);
        });
    }

    private static SavedModel latents(GaussianLatentLayer.Builder latents) {
        return layers(
                new Sgd(0.1),
                dense(Activation.TANH.getActivationFunction()),
                latents.nOut(2).build(),
                output());
    }

    private void addNoise() {
        List.<IDropout>of(new GaussianCorruption(0.3, 5), new MaskingNoise(0.2, 5), new SaltAndPepperNoise(0.2, 5))
                .forEach(noise -> encoder(
                        nameOf(noise),
                        () -> new FastDenseLayer.Builder().nOut(CODE).dropOut(noise)));
    }

    private void addSchedules() {
        List.<ISchedule>of(
                        new LinearSchedule(ScheduleType.EPOCH, 1, 0.1, 10),
                        new GeometricSchedule(ScheduleType.ITERATION, 1, 0.1, 10),
                        new CyclicalSchedule(ScheduleType.EPOCH, 0, 1, 10, 0.5, 4))
                .forEach(schedule -> add(
                        nameOf(schedule),
                        () -> layers(
                                new FastAdam(schedule), dense(Activation.TANH.getActivationFunction()), output())));
    }

    private void addUpdaters() {
        add(
                "FastAdam",
                () -> layers(
                        new FastAdam(0.01, 0.8, 0.99, 1e-7), dense(Activation.TANH.getActivationFunction()), output()));
        add(
                "AdamMini",
                () -> layers(
                        new Sgd(0.1),
                        new FastDenseLayer.Builder()
                                .nOut(CODE)
                                .updater(new AdamMini(0.01, IN))
                                .biasUpdater(new Sgd(0.1))
                                .build(),
                        output()));
    }

    private void addDictionaries() {
        add(
                "FinalDecay",
                () -> layers(
                        new FastAdam(DictionarySchedules.finalDecay()),
                        dense(Activation.TANH.getActivationFunction()),
                        output()));
        LinearSchedule k = new LinearSchedule(ScheduleType.EPOCH, 4, 2, 10);
        List.<DictionaryEncoder>of(
                        new TopKEncoder(k),
                        new BatchTopKEncoder(2),
                        new AbsTopKEncoder(2),
                        new L1Encoder(0.1),
                        new GatedEncoder(0.1),
                        new MatchingPursuitEncoder(2),
                        JumpReLUEncoder.targetL0(2, 0.1))
                .forEach(encoder -> dictionary(nameOf(encoder), new DictionaryLayer.Builder().encoder(encoder)));
        dictionary(
                "AuxiliaryLoss",
                new DictionaryLayer.Builder()
                        .encoder(new TopKEncoder(2))
                        .matryoshka(3)
                        .skip(true)
                        .revival(new AuxiliaryLoss(1, 0.1, 100)));
        dictionary(
                "Resampling",
                new DictionaryLayer.Builder()
                        .encoder(JumpReLUEncoder.tanh(0.1))
                        .unitNorm(true)
                        .centeredInput(false)
                        .revival(new Resampling(10, 100, 1000)));
    }

    private void addCompression() {
        add(
                "FactorizedPriorLayer",
                () -> layers(
                        new Sgd(0.1),
                        dense(Activation.TANH.getActivationFunction()),
                        new FactorizedPriorLayer.Builder()
                                .rateWeight(0.2)
                                .initialScale(1.5)
                                .step(0.5)
                                .build(),
                        output()));
    }

    private void addTimeSeries() {
        List.of(new TimeBasis.Level(), new TimeBasis.Trend(2), new TimeBasis.Season(2, 3))
                .forEach(basis -> add(
                        "TimeBasis" + nameOf(basis),
                        () -> sequences(
                                new LastTimeStep(new FastGruLayer.Builder()
                                        .nOut(CODE * basis.functions())
                                        .build()),
                                new TimeBasisLayer.Builder()
                                        .basis(basis)
                                        .steps(STEPS)
                                        .build())));
        add("LossSeries", () -> {
            INDArray sequences = values(EXAMPLES, IN * STEPS).reshape(EXAMPLES, IN, STEPS);
            MultiLayerNetwork network = network(
                    new Sgd(0.1),
                    InputType.recurrent(IN, STEPS),
                    new FastConvolution1DLayer.Builder(1)
                            .nOut(IN)
                            .activation(Activation.IDENTITY)
                            .build(),
                    new RnnLossLayer.Builder(new LossSeries(2, 0.5))
                            .activation(Activation.IDENTITY)
                            .build());
            return new SavedModel(network, sequences, sequences);
        });
    }

    private void dictionary(String name, DictionaryLayer.Builder layer) {
        add(name, () -> layers(new FastAdam(0.01), layer.units(7).build()));
    }

    private void addQuantized() {
        quantized(
                "VectorQuantizationLayer",
                new VectorQuantizationLayer.Builder().codes(4).stages(2));
        quantized("FiniteScalarQuantizationLayer", new FiniteScalarQuantizationLayer.Builder().levels(4, 3, 2));
        quantized(
                "BinaryCodeLayer",
                new BinaryCodeLayer.Builder().sampling(BinarySampling.CONCRETE).hard(true));
    }

    private void quantized(String name, Layer.Builder<?> layer) {
        add(name, () -> layers(new Sgd(0.1), dense(Activation.TANH.getActivationFunction()), layer.build(), output()));
    }

    private void encoder(String name, Supplier<? extends Layer.Builder<?>> layer) {
        add(name, () -> layers(new Sgd(0.1), layer.get().build(), output()));
    }

    private void add(String name, Supplier<SavedModel> model) {
        if (models.put(name, model) != null) {
            throw new IllegalArgumentException("SavedModels: names must differ, got " + name + " twice");
        }
    }

    private static String nameOf(Object value) {
        return value.getClass().getSimpleName();
    }

    private static Layer dense(IActivation activation) {
        return new FastDenseLayer.Builder().nOut(CODE).activation(activation).build();
    }

    private static Layer output() {
        return new OutputLayer.Builder(new LossMSE()).nOut(IN).build();
    }

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .activation(Activation.SIGMOID)
                .updater(updater);
    }

    private static SavedModel layers(IUpdater updater, Layer... layers) {
        return saved(network(updater, InputType.feedForward(IN), layers), IN, IN);
    }

    private static MultiLayerNetwork network(IUpdater updater, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base(updater).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        return network;
    }

    private static SavedModel graph(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return saved(graph, IN, IN);
    }

    /** The updater's state becomes 0.01, 0.02, …: training would change the configuration's counters. */
    private static SavedModel saved(Model model, long inputs, long outputs) {
        SavedModel saved = new SavedModel(model, values(EXAMPLES, inputs), values(EXAMPLES, outputs));
        INDArray state = saved.updaterState();
        if (state != null) {
            state.assign(
                    Nd4j.linspace(DataType.DOUBLE, 0.01, 0.01, state.length()).reshape(state.shape()));
        }
        return saved;
    }

    /** Numbers in (0, 1) that follow no pattern. */
    private static INDArray values(long rows, long columns) {
        double[] values = new double[(int) (rows * columns)];
        for (int i = 0; i < values.length; i++) {
            double multiple = (i + 1) * 0.618_033_988_75;
            values[i] = 0.05 + 0.9 * (multiple - Math.floor(multiple));
        }
        return Nd4j.createFromArray(values).reshape(rows, columns);
    }
}
