package io.github.dl4jae.variational;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.ParameterLayer;
import io.github.dl4jae.internal.layer.ScheduleClock;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * z = μ + σ ⊙ ε, score += β·KL(q‖p) + regularizers.
 *
 * <p>The products are matrix products; the rest is computed in float64 in Java arrays, since a code is small beside what is around it. Such
 * arrays also outlive the workspaces of a forward pass.
 */
final class GaussianLatentLayerImpl extends ParameterLayer<GaussianLatentLayer>
        implements NetworkConstruction.ExampleScores {

    private static final Logger log = LoggerFactory.getLogger(GaussianLatentLayerImpl.class);

    /** Draws of one iteration. */
    private static final int TRAINING = 0;

    private static final int INFERENCE = 1;
    private static final int REGULARIZERS = 2;

    /** A number, because the score is asked for after the arrays of the forward pass are gone; null at inference until somebody asks. */
    private Double penalty = 0.0;
    /** Where backprop begins; it uses it up, since gradients are gathered in it. */
    private Pass kept;
    /** Of the last forward pass, for reports. */
    private GaussianPosterior lastPosterior;

    private double[] lastSample;
    private long lastExamples;
    private final ScheduleClock clock = new ScheduleClock();
    /** Whether the loss of the output has been looked at. */
    private boolean lossChecked;

    private final NetworkConstruction network;

    GaussianLatentLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.network = NetworkConstruction.register(this);
    }

    /** A forward pass. */
    private static final class Pass {
        /** Of the rows that are not masked. */
        private final LatentCodes codes;
        /** Their numbers, or null for all. */
        private final int[] present;
        /** {@code [N·2n]}, also of masked rows and pseudo-inputs. */
        private final double[] preActivations;

        Pass(LatentCodes codes, int[] present, double[] preActivations) {
            this.codes = codes;
            this.present = present;
            this.preActivations = preActivations;
        }

        int row(int code) {
            return present == null ? code : present[code];
        }
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        remember();
    }

    @Override
    public void setEpochCount(int epochCount) {
        super.setEpochCount(epochCount);
        remember();
    }

    private void remember() {
        if (clock.hasTrained()) {
            layerConf().reach(time(false));
        }
    }

    private TrainingTime time(boolean training) {
        return clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), training);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireSurroundings(training);
        examples.begin(training, exampleRows());
        trainingPass = training;
        if (training) {
            layerConf().reach(time(true));
        }
        applyDropOutIfNecessary(training, workspaces);
        int samples = Math.max(1, training ? layerConf().getImportanceSamples() : 1);
        double[] a = preActivations(input, training, workspaces); // [N,2n]
        int[] present = present();
        GaussianPosterior all = posterior(a);
        GaussianPosterior q = present == null ? all : all.rows(present);
        boolean sampling = training || layerConf().isSampleAtInference();
        lastPosterior = q;
        lastSample = sampling ? q.sample(noise(training ? TRAINING : INFERENCE), samples) : null;
        lastExamples = examples();
        kept = training ? new Pass(lastCodes(), present, a) : null;
        double[] codes = sampling ? lastSample : q.mean;
        if (layerConf().getImportanceSamples() > 0) {
            penalty = 0.0; // it is in the ratios
            return output(withLogRatios(codes, q, training), present, workspaces);
        }
        penalty = training ? Double.valueOf(penalty(kept.codes)) : null; // most who ask for an output ask for no score
        return output(codes, present, workspaces);
    }

    private LatentCodes lastCodes() {
        return new LatentCodes(lastPosterior, lastSample(), noise(REGULARIZERS));
    }

    /** At inference, codes are drawn when somebody asks for a term that needs them. */
    private double[] lastSample() {
        if (lastSample == null) {
            lastSample = lastPosterior.sample(noise(INFERENCE), 1);
        }
        return lastSample;
    }

    /** What the score gets: P per example, or with the minibatch average off, of all examples. */
    private double penalty(LatentCodes codes) {
        int rows = codes.posterior().rows();
        if (rows == 0) {
            return 0; // all are masked
        }
        double value = KullbackLeibler.evaluate(
                codes, layerConf().betaAt(time(false)), layerConf().getFreeBits());
        for (LatentRegularizer regularizer : layerConf().getRegularizers()) {
            value += regularizer.evaluate(codes);
        }
        requireFinite(value);
        return value * rows / (conf.isMiniBatch() ? lastExamples : 1); // several rows per example: time steps
    }

    private double[] withLogRatios(double[] codes, GaussianPosterior q, boolean training) {
        int n = q.latents();
        int rows = codes.length / n;
        double[] divergence = training ? null : q.divergence(lastSample());
        double[] output = new double[rows * (n + 1)];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            System.arraycopy(codes, row * n, output, row * (n + 1), n);
            double ratio = training ? q.logRatio(row % q.rows(), codes, row * n) : -divergence[row];
            output[row * (n + 1) + n] = ratio;
            sum += ratio;
        }
        requireFinite(sum);
        return output;
    }

    /** Codes of all rows (masked ones are 0) in the shape that goes on. */
    private INDArray output(double[] codes, int[] present, LayerWorkspaceMgr workspaces) {
        int width = (int) layerConf().outputs();
        double[] all = codes;
        if (present != null) {
            all = new double[(int) layerConf().unitAxis().toMatrix(input).size(0) * width];
            for (int i = 0; i < present.length; i++) {
                System.arraycopy(codes, i * width, all, present[i] * width, width);
            }
        }
        INDArray matrix = array(all, width, ArrayType.ACTIVATIONS, workspaces);
        return inInputsShape(matrix, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (kept == null && trainingPass) {
            activate(true, workspaces);
        } else if (kept == null) {
            kept = inferencePass(workspaces);
        }
        double[] delta = delta(kept, values(layerConf().unitAxis().toMatrix(epsilon))); // [N,2n]
        kept = null;
        Gradient gradient = new DefaultGradient();
        INDArray x = rows(input);
        INDArray deltas = array(delta, 2 * (int) layerConf().getNOut(), ArrayType.BP_WORKING_MEM, workspaces);
        INDArray W = getParamWithNoise(GaussianLatentParamInitializer.WEIGHT, true, workspaces);
        weightNoiseParams.clear();
        Products.weightGradient(x, deltas, gradientView(GaussianLatentParamInitializer.WEIGHT));
        deltas.sum(gradientView(GaussianLatentParamInitializer.BIAS), 0);
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, W.dataType(), x.shape(), 'c');
        Products.inputGradient(deltas, W, next); // [N,2n]·[2n,nIn] → [N,nIn]
        gradientViews.forEach(gradient.gradientForVariable()::put);
        INDArray below = inInputsShape(next, ArrayType.ACTIVATION_GRAD, workspaces);
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(below) : below);
    }

    /**
     * As a {@code FrozenLayerWithBackprop} runs it: codes are the means, or samples, and nothing is added to the score.
     */
    private Pass inferencePass(LayerWorkspaceMgr workspaces) {
        if (layerConf().getImportanceSamples() > 0) {
            throw new IllegalStateException(name()
                    + ": importanceSamples must not be set in a layer that passes gradients on while it is frozen, got "
                    + layerConf().getImportanceSamples()
                    + "; freeze it with TransferLearning, or leave importanceSamples out");
        }
        double[] codes = layerConf().isSampleAtInference() ? lastSample() : lastPosterior.mean;
        return new Pass(
                new LatentCodes(lastPosterior, codes, noise(REGULARIZERS)),
                present(),
                preActivations(input, false, workspaces));
    }

    /** The gradient with respect to h·W + b, and that of the prior's parameters on the way. */
    private double[] delta(Pass pass, double[] epsilon) {
        LatentCodes codes = pass.codes;
        GaussianPosterior q = codes.posterior();
        int n = q.latents();
        double scale; // of the gradients that the codes hold
        if (layerConf().getImportanceSamples() > 0) {
            scale = 1;
            takeLogRatios(epsilon, codes);
        } else {
            // ε is that of a score summed over examples: if it is to be a mean, the updater divides later
            scale = q.rows();
            takeEpsilon(epsilon, pass, 1 / scale);
        }
        double[] delta = new double[pass.preActivations.length];
        for (int row = 0; row < codes.sample().length / n; row++) {
            int i = row % q.rows();
            int to = 2 * n * pass.row(i);
            for (int j = 0; j < n; j++) {
                int at = i * n + j;
                double toSample = codes.sampleGradient()[row * n + j];
                delta[to + j] += scale * toSample;
                delta[to + n + j] += scale * 0.5 * toSample * (codes.sample()[row * n + j] - q.mean[at]);
            }
        }
        for (int i = 0; i < q.rows(); i++) {
            int to = 2 * n * pass.row(i);
            for (int j = 0; j < n; j++) {
                delta[to + j] += scale * codes.meanGradient()[i * n + j];
                delta[to + n + j] += scale * codes.logVarianceGradient()[i * n + j];
            }
        }
        if (q.prior() instanceof MixtureDensity mixture) {
            priorGradient(mixture, scale, delta);
        }
        for (int at = 0; at < delta.length; at++) {
            if (at % (2 * n) >= n) {
                delta[at] *= LogVarianceBound.derivative(pass.preActivations[at]);
            }
        }
        return delta;
    }

    /** Adds what the decoder sends back to the gradient of the samples. */
    private static void takeEpsilon(double[] epsilon, Pass pass, double factor) {
        LatentCodes codes = pass.codes;
        int n = codes.posterior().latents();
        for (int i = 0; i < codes.posterior().rows(); i++) {
            int from = n * pass.row(i);
            for (int j = 0; j < n; j++) {
                codes.sampleGradient()[i * n + j] += factor * epsilon[from + j];
            }
        }
    }

    /** The same with ∂L/∂r in the last column, r = ln p(z) + ½ Σ_j ε_j² + ln σ_j² + ln 2π. */
    private static void takeLogRatios(double[] epsilon, LatentCodes codes) {
        GaussianPosterior q = codes.posterior();
        int n = q.latents();
        for (int row = 0; row < codes.sample().length / n; row++) {
            double toRatio = epsilon[row * (n + 1) + n];
            for (int j = 0; j < n; j++) {
                codes.sampleGradient()[row * n + j] += epsilon[row * (n + 1) + j];
                codes.logVarianceGradient()[row % q.rows() * n + j] += 0.5 * toRatio;
            }
            q.prior().addGradient(codes.sample(), row * n, toRatio, codes.sampleGradient());
        }
    }

    private void priorGradient(MixtureDensity mixture, double scale, double[] delta) {
        int n = (int) layerConf().getNOut();
        int components = mixture.logitGradient.length;
        if (layerConf().getPrior() instanceof LatentPrior.Vamp) {
            int first = delta.length - 2 * n * components;
            for (int at = 0; at < components * n; at++) {
                int to = first + at / n * 2 * n + at % n;
                delta[to] += scale * mixture.meanGradient[at];
                delta[to + n] += scale * mixture.logVarianceGradient[at];
            }
            return;
        }
        put(mixture.logitGradient, scale, GaussianLatentParamInitializer.PRIOR_LOGITS);
        put(mixture.meanGradient, scale, GaussianLatentParamInitializer.PRIOR_MEANS);
        put(mixture.logVarianceGradient, scale, GaussianLatentParamInitializer.PRIOR_LOG_VARIANCES);
    }

    private void put(double[] gradient, double scale, String parameter) {
        INDArray view = gradientView(parameter);
        view.assign(Nd4j.createFromArray(gradient).reshape('c', view.shape()).muli(scale));
    }

    /** What the encoder says about the rows of an input: q(z|x), and the prior. */
    GaussianPosterior posterior(INDArray input) {
        return posterior(preActivations(input, false, LayerWorkspaceMgr.noWorkspaces()));
    }

    private GaussianPosterior posterior(double[] a) {
        int n = (int) layerConf().getNOut();
        int components = layerConf().getPrior() instanceof LatentPrior.Vamp vamp ? vamp.components() : 0;
        int rows = a.length / (2 * n) - components;
        if (rows < 1) {
            throw new DL4JInvalidInputException(
                    name() + ": with the prior " + layerConf().getPrior()
                            + " the input must have more than " + components + " rows, got " + (rows + components)
                            + "; put a PseudoInputLayer with " + components + " pseudo-inputs below the encoder");
        }
        double[] mean = means(a, 0, rows);
        double[] logVariance = logVariances(a, 0, rows);
        PriorDensity prior;
        if (components > 0) {
            prior = new MixtureDensity(
                    new double[components], means(a, rows, components), logVariances(a, rows, components));
        } else if (layerConf().getPrior() instanceof LatentPrior.GaussianMixture) {
            prior = new MixtureDensity(
                    values(getParam(GaussianLatentParamInitializer.PRIOR_LOGITS)),
                    values(getParam(GaussianLatentParamInitializer.PRIOR_MEANS)),
                    values(getParam(GaussianLatentParamInitializer.PRIOR_LOG_VARIANCES)));
        } else {
            prior = new StandardNormalDensity(n);
        }
        return new GaussianPosterior(n, mean, logVariance, prior);
    }

    private double[] means(double[] a, int firstRow, int rows) {
        int n = (int) layerConf().getNOut();
        double[] means = new double[rows * n];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(a, (firstRow + i) * 2 * n, means, i * n, n);
        }
        return means;
    }

    private double[] logVariances(double[] a, int firstRow, int rows) {
        int n = (int) layerConf().getNOut();
        double[] logVariances = new double[rows * n];
        for (int at = 0; at < logVariances.length; at++) {
            logVariances[at] = LogVarianceBound.value(a[(firstRow + at / n) * 2 * n + n + at % n]);
        }
        return logVariances;
    }

    /** h·W + b, {@code [N·2n]}. */
    private double[] preActivations(INDArray h, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = rows(h);
        INDArray W = getParamWithNoise(GaussianLatentParamInitializer.WEIGHT, training, workspaces);
        INDArray b = getParamWithNoise(GaussianLatentParamInitializer.BIAS, training, workspaces);
        if (x.size(1) != W.size(0)) {
            throw new DL4JInvalidInputException(name() + ": the input must have " + W.size(0) + " features, got "
                    + Arrays.toString(h.shape()) + "; change nIn or the layer below");
        }
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        Products.forward(x, W, z); // [N,nIn]·[nIn,2n] → [N,2n]
        double[] a = values(z);
        double[] bias = values(b);
        for (int at = 0; at < a.length; at++) {
            a[at] += bias[at % bias.length];
        }
        return a;
    }

    private INDArray rows(INDArray h) {
        return layerConf().unitAxis().toMatrix(h).castTo(dataType);
    }

    /** All values of an array, row by row. */
    private static double[] values(INDArray array) {
        if (FloatRows.canView(array)) {
            float[] floats = array.rank() == 2
                    ? FloatRows.of(array).toArray()
                    : FloatRows.vector(array).toArray();
            double[] values = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
            return values;
        }
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private INDArray array(double[] values, int width, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray array = workspaces.createUninitialized(type, dataType, new long[] {values.length / width, width}, 'c');
        if (FloatRows.canView(array)) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            FloatRows.vector(array).write(0, floats);
            return array;
        }
        return array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
    }

    private INDArray inInputsShape(INDArray matrix, ArrayType type, LayerWorkspaceMgr workspaces) {
        UnitAxis axis = layerConf().unitAxis();
        return input.rank() == 2 ? matrix : workspaces.dup(type, axis.fromMatrix(matrix, input), input.ordering());
    }

    /** The rows that are not masked; null if all are there. */
    private int[] present() {
        if (maskArray == null) {
            return null;
        }
        double[] mask = values(layerConf().unitAxis().positionMask(maskArray, input));
        return IntStream.range(0, mask.length).filter(i -> mask[i] != 0).toArray();
    }

    /** B. */
    private long examples() {
        return examples.of(exampleRows());
    }

    /** Without pseudo-inputs. */
    private long exampleRows() {
        return layerConf().getPrior() instanceof LatentPrior.Vamp vamp
                ? input.size(0) - vamp.components()
                : input.size(0);
    }

    private NoiseStream noise(int draw) {
        return NoiseStream.of(conf.getSeed(), String.valueOf(layerConf().getLayerName()))
                .at(getIterationCount(), getEpochCount(), draw);
    }

    private void requireSurroundings(boolean training) {
        if (training) {
            examples.requireKnown(name());
            warnOfMeanLoss();
        }
        if (training && layerConf().getImportanceSamples() > 0 && !isWeighted()) {
            throw new IllegalStateException(
                    name() + ": importanceSamples = " + layerConf().getImportanceSamples()
                            + " needs a MultiSampleLossLayer as the output of a ComputationGraph, got another output layer;"
                            + " use one, or leave importanceSamples out");
        }
        requirePseudoInputs();
        boolean rowsOnly = layerConf().getImportanceSamples() > 0 || layerConf().getPrior() instanceof LatentPrior.Vamp;
        if (rowsOnly && (input.rank() != 2 || maskArray != null)) {
            throw new DL4JInvalidInputException(name() + ": with importance samples or pseudo-inputs the input must be"
                    + " rows without a mask, got shape " + Arrays.toString(input.shape())
                    + (maskArray == null ? "" : " with a mask") + "; summarize sequences first, as with LastTimeStep");
        }
    }

    /** Whether the network has the loss layer that weights the samples: a stock one would fail with a message about shapes. */
    private boolean isWeighted() {
        return network.find(MultiSampleLossLayerImpl.class).findAny().isPresent();
    }

    private void requirePseudoInputs() {
        int known = examples.known();
        if (layerConf().getPrior() instanceof LatentPrior.Vamp vamp && examples.isCertain()) {
            long found = input.size(0) - known;
            if (found != vamp.components()) {
                throw new DL4JInvalidInputException(name() + ": the prior " + vamp + " must find " + vamp.components()
                        + " pseudo-inputs after the " + known + " examples of the mini-batch, got "
                        + found
                        + "; let the first layer be a PseudoInputLayer with " + vamp.components());
            }
        }
    }

    private void warnOfMeanLoss() {
        if (!lossChecked) {
            lossChecked = true;
            network.find(ILossFunction.class)
                    .map(LossReduction::warning)
                    .flatMap(Optional::stream)
                    .forEach(log::warn);
        }
    }

    @Override
    public double score() {
        return penalty == null ? 0 : penalty;
    }

    @Override
    public Optional<double[]> scorePerExample() {
        boolean isMean = layerConf().getFreeBits() == 0
                && layerConf().getRegularizers().isEmpty()
                && layerConf().getImportanceSamples() == 0
                && conf.isMiniBatch();
        if (!isMean || lastPosterior == null || lastPosterior.rows() != lastExamples) {
            return Optional.empty(); // or there are several rows per example
        }
        double beta = layerConf().betaAt(time(false));
        double[] scores = lastPosterior.divergence(lastSample());
        Arrays.setAll(scores, i -> beta * scores[i]);
        return Optional.of(scores);
    }

    private void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalStateException(name() + ": the Kullback-Leibler term must be finite, got " + value
                    + "; look for NaN or huge values in the features, or lower the learning rate");
        }
    }

    private String name() {
        return "GaussianLatentLayer '" + layerConf().getLayerName() + "'";
    }

    /** What each latent carried in the last forward pass, in nats; null before the first. */
    double[] divergencePerLatent() {
        return lastPosterior == null ? null : lastPosterior.divergencePerLatent(lastSample());
    }

    @Override
    protected void forget() {
        kept = null;
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        if (penalty == null) {
            penalty = penalty(lastCodes());
        }
        return super.calcRegularizationScore(backpropParamsOnly) + penalty;
    }

    @Override
    public boolean hasBias() {
        return true;
    }
}
