package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of the columns of a mixed table: a likelihood of its own for each block of columns, such
 * as a Gaussian for numbers, a categorical distribution for each category, and a Poisson distribution for counts.
 *
 * <pre>
 * L = Σ_k L_k(x_k, z_k)        x = [x_1 | x_2 | …],  outputs z = [z_1 | z_2 | …]
 * ∂L/∂z = [∂L_1/∂z_1 | ∂L_2/∂z_2 | …]
 * with a mask per label: only the terms whose label is present
 * </pre>
 *
 * <pre>{@code
 * LossMixed loss = new LossMixed.Builder()
 *         .gaussian(0.3, 4)        // 4 standardized numbers
 *         .categorical(3, 12)      // two categories, of 3 and 12 classes: 15 columns
 *         .bernoulli(2)            // 2 flags
 *         .poisson(1)              // a count
 *         .build();
 * new FastOutputLayer.Builder(loss).nOut(loss.outputs()).build()
 * }</pre>
 *
 * <p>The activation of the output layer is {@link #activation}, which {@code FastOutputLayer} takes from the loss. Then
 * the outputs of the network are the parameters of the distributions: means (and log variances), probabilities, rates.
 *
 * <p>Missing cells: a mask of labels {@code [batch, labelColumns]} has 0 where a cell is missing. Such a cell has no
 * term in the loss and no gradient; its label may be anything, even NaN. The classes of one variable must be masked
 * together.
 *
 * <p>Shapes: labels {@code [batch, labelColumns]}, outputs {@code [batch, outputs]}; masks {@code [batch, 1]} or {@code
 * [batch, labelColumns]}.
 *
 * <p>Errors: another activation; other shapes; labels that the likelihood of their block refuses.
 *
 * <p>When not to use it: with columns of a single kind, for which that kind's loss is enough. The blocks are weighed by
 * nothing but their likelihoods, so a {@link LossGaussian} whose deviation is too small drowns out the categories; use
 * {@link LossGaussianLearnedVariance} if the noise is unknown.
 *
 * @see <a href="https://doi.org/10.1016/j.patcog.2020.107501">Nazábal, Olmos, Ghahramani and Valera 2020, Handling
 *     incomplete heterogeneous data using VAEs</a>
 */
public final class LossMixed extends NegativeLogLikelihood implements DistributionOutput {

    /** A likelihood and its place. */
    private record Part(NegativeLogLikelihood loss, int columns, int firstLabel, int outputs, int firstOutput) {

        INDArray labels(INDArray all) {
            return slice(all, firstLabel, columns);
        }

        INDArray outputs(INDArray all) {
            return slice(all, firstOutput, outputs);
        }

        /** Returns the mask of this part; a mask of examples is returned as it is. */
        @Nullable
        INDArray mask(@Nullable INDArray all) {
            return all == null || perExample(all) ? all : labels(all);
        }

        private static INDArray slice(INDArray all, int from, int count) {
            return all.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count));
        }

        @Override
        public String toString() {
            return loss + " × " + columns;
        }
    }

    private final List<Part> parts;
    private final ActivationMixed activation;

    private LossMixed(Builder builder) {
        this(builder.losses, builder.columns.stream().mapToInt(each -> each).toArray());
    }

    @JsonCreator
    private LossMixed(@JsonProperty("losses") List<ILossFunction> losses, @JsonProperty("columns") int[] columns) {
        Require.that(
                losses != null && columns != null && !losses.isEmpty() && losses.size() == columns.length,
                "LossMixed",
                "there must be at least one part, each with a number of columns",
                losses,
                "add one, as in new LossMixed.Builder().gaussian(1, 4)");
        List<Part> all = new ArrayList<>();
        int label = 0;
        int output = 0;
        for (int k = 0; k < columns.length; k++) {
            Part part = part(k, losses.get(k), columns[k], label, output);
            all.add(part);
            label += part.columns();
            output += part.outputs();
        }
        this.parts = List.copyOf(all);
        this.activation = activationOf(parts);
    }

    private static Part part(int k, ILossFunction loss, int columns, int label, int output) {
        String subject = "LossMixed: part " + k;
        Require.that(
                loss instanceof NegativeLogLikelihood && !(loss instanceof LossMixed),
                subject,
                "it must be a likelihood of this package with one or two outputs per column",
                loss,
                "use LossGaussian, LossGaussianLearnedVariance, LossCategorical, LossBernoulli,"
                        + " LossContinuousBernoulli or LossPoissonNll");
        Require.atLeast(1, subject + ", " + loss, "columns", columns, "leave out empty parts");
        if (loss instanceof LossCategorical categorical) {
            try {
                categorical.groups(columns);
            } catch (IllegalArgumentException widths) {
                throw new IllegalArgumentException(subject + ": " + widths.getMessage(), widths);
            }
        }
        NegativeLogLikelihood likelihood = (NegativeLogLikelihood) loss;
        return new Part(likelihood, columns, label, columns * likelihood.outputsPerValue(), output);
    }

    private static ActivationMixed activationOf(List<Part> parts) {
        List<IActivation> activations = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        for (Part part : parts) {
            if (part.loss() instanceof LossCategorical categorical) {
                for (int group = 0; group < categorical.groups(part.columns()); group++) {
                    activations.add(new ActivationSoftmax());
                    columns.add(categorical.width(group));
                }
            } else {
                activations.add(part.loss().partActivation());
                columns.add(part.outputs());
            }
        }
        return new ActivationMixed(
                activations, columns.stream().mapToInt(each -> each).toArray());
    }

    /**
     * Returns the likelihoods of the blocks of columns.
     *
     * @return in the order of the columns; immutable
     */
    public List<ILossFunction> getLosses() {
        return parts.stream().<ILossFunction>map(Part::loss).toList();
    }

    /**
     * Returns the number of label columns of each block.
     *
     * @return a new array
     */
    public int[] getColumns() {
        return parts.stream().mapToInt(Part::columns).toArray();
    }

    /**
     * Returns the number of columns of the labels.
     *
     * @return the sum over the blocks
     */
    public int labelColumns() {
        return parts.stream().mapToInt(Part::columns).sum();
    }

    /**
     * Returns the number of outputs that the network needs.
     *
     * @return nOut of the output layer; a column with a learned variance has two
     */
    public int outputs() {
        return parts.stream().mapToInt(Part::outputs).sum();
    }

    /**
     * Returns the activation of the output layer: identity for means and log variances, softmax for the classes of each
     * variable, sigmoid for flags, {@link ActivationStableSoftplus} for rates.
     *
     * @return the only one that this loss accepts
     */
    public ActivationMixed activation() {
        return activation;
    }

    @Override
    void requireActivation(IActivation given) {
        Require.that(
                activation.equals(given),
                "LossMixed",
                "the output layer's activation must be that of the loss",
                given,
                "set .activation(loss.activation()), or leave it to FastOutputLayer");
    }

    @Override
    void requireShape(INDArray labels, INDArray preOutput) {
        long rows = preOutput.size(0);
        if (!Arrays.equals(preOutput.shape(), new long[] {rows, outputs()})) {
            throw new IllegalArgumentException(this + ": the output layer must have " + outputs() + " outputs, got "
                    + Arrays.toString(preOutput.shape()) + "; set its nOut to loss.outputs()");
        }
        if (!Arrays.equals(labels.shape(), new long[] {rows, labelColumns()})) {
            throw new IllegalArgumentException(this + ": labels must have the shape [" + rows + ", " + labelColumns()
                    + "], got " + Arrays.toString(labels.shape()) + "; the parts have the columns " + places());
        }
    }

    @Override
    void requireOutput(INDArray output) {
        if (output.rank() != 2 || output.size(1) != outputs()) {
            throw new IllegalArgumentException(this + ": the output must have the shape [N, " + outputs() + "], got "
                    + Arrays.toString(output.shape()) + "; pass what network.output returns");
        }
    }

    /** Returns the columns of each part, as in {@code 0–3, 4–6}. */
    private String places() {
        return String.join(", ", parts.stream().map(LossMixed::place).toList());
    }

    private static String place(Part part) {
        int last = part.firstLabel() + part.columns() - 1;
        return part.columns() == 1 ? "" + last : part.firstLabel() + "–" + last;
    }

    /** Runs a check of each part, whose message then names the part. */
    private void check(Consumer<Part> check) {
        for (int k = 0; k < parts.size(); k++) {
            try {
                check.accept(parts.get(k));
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(
                        "LossMixed: part " + k + ", label columns " + place(parts.get(k)) + ": " + refused.getMessage(),
                        refused);
            }
        }
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        check(part -> part.loss().requireLabels(part.labels(labels), part.mask(mask)));
    }

    @Override
    void requireMask(INDArray mask) {
        check(part -> part.loss().requireMask(part.labels(mask)));
    }

    @Override
    int values(int outputs) {
        return labelColumns();
    }

    @Override
    INDArray maskOfOutputs(INDArray mask) {
        return outputs() == labelColumns()
                ? mask
                : join((part, labels) -> part.loss().maskOfOutputs(part.labels(labels)), mask);
    }

    @Override
    void widen(float[] labels, int firstLabel, float[] outputs, int firstOutput, int n) {
        for (Part part : parts) {
            part.loss().widen(labels, part.firstLabel(), outputs, part.firstOutput(), part.columns());
        }
    }

    private INDArray join(BiFunction<Part, INDArray, INDArray> function, INDArray array) {
        return Nd4j.concat(
                1, parts.stream().map(part -> function.apply(part, array)).toArray(INDArray[]::new));
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        for (Part part : parts) {
            float[] labels = Arrays.copyOfRange(x, part.firstLabel(), part.firstLabel() + part.columns());
            if (!part.loss().supports(labels, scratch, part.columns(), masked)) {
                return false;
            }
        }
        return true;
    }

    @Override
    @Nullable
    Row row(IActivation given) {
        Row[] rows = parts.stream()
                .map(part -> Objects.requireNonNull(part.loss().row(part.loss().partActivation())))
                .toArray(Row[]::new);
        int widest = parts.stream().mapToInt(Part::columns).max().orElseThrow();
        int widestOutput = parts.stream().mapToInt(Part::outputs).max().orElseThrow();
        return (x, z, losses, n) -> {
            float[] labels = new float[widest];
            float[] outputs = new float[widestOutput];
            float[] each = new float[widest];
            for (int k = 0; k < rows.length; k++) {
                Part part = parts.get(k);
                System.arraycopy(x, part.firstLabel(), labels, 0, part.columns());
                System.arraycopy(z, part.firstOutput(), outputs, 0, part.outputs());
                rows[k].evaluate(labels, outputs, each, part.columns());
                System.arraycopy(each, 0, losses, part.firstLabel(), part.columns());
                System.arraycopy(outputs, 0, z, part.firstOutput(), part.outputs());
            }
        };
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation given) {
        return join(
                (part, z) -> part.loss()
                        .elementLosses(
                                part.labels(labels),
                                part.outputs(z),
                                part.loss().partActivation()),
                preOutput);
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation given, @Nullable INDArray mask) {
        return join(
                (part, z) -> part.loss()
                        .elementGradients(
                                part.labels(labels),
                                part.outputs(z),
                                part.loss().partActivation(),
                                part.mask(mask)),
                preOutput);
    }

    /** Returns the mean of each column: means, probabilities of classes and flags, rates. */
    @Override
    public INDArray mean(INDArray output, IActivation given) {
        requireActivation(given);
        requireOutput(output);
        return join((part, all) -> part.loss().meanOf(part.outputs(all)), output);
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        IntStream.range(0, parts.size()).forEach(k -> {
            Part part = parts.get(k);
            double[] drawn = new double[part.columns()];
            double[] own = Arrays.copyOfRange(parameters, part.firstOutput(), part.firstOutput() + part.outputs());
            part.loss().draw(noise.at(0, 0, k), row, own, drawn, part.columns());
            System.arraycopy(drawn, 0, x, part.firstLabel(), part.columns());
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossMixed that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** Returns the parts and their numbers of columns, as in {@code LossMixed(LossGaussian(0.3) × 4, …)}. */
    @Override
    public String toString() {
        return "LossMixed("
                + String.join(", ", parts.stream().map(Part::toString).toList()) + ")";
    }

    /** Puts a {@link LossMixed} together, in the order of the columns. */
    public static final class Builder {
        private final List<ILossFunction> losses = new ArrayList<>();
        private final List<Integer> columns = new ArrayList<>();

        /** Creates a builder without parts. */
        public Builder() {}

        /**
         * Adds a likelihood for the next columns. Adjacent columns of one likelihood become one part, with the outputs
         * of that loss: all means before all log variances.
         *
         * @param part a likelihood of this package, for independent columns or categories
         * @param columns the number of its label columns
         * @return this
         */
        public Builder add(ILossFunction part, int columns) {
            Require.given("LossMixed", "part " + losses.size(), part, "LossGaussian suits numbers");
            int last = losses.size() - 1;
            if (last >= 0 && columns > 0 && part.equals(losses.get(last)) && !(part instanceof LossCategorical)) {
                this.columns.set(last, this.columns.get(last) + columns);
            } else {
                this.losses.add(part);
                this.columns.add(columns);
            }
            return this;
        }

        /**
         * Adds real numbers with a given noise.
         *
         * @param deviation the standard deviation of the noise, above 0
         * @param columns the number of columns
         * @return this
         */
        public Builder gaussian(double deviation, int columns) {
            return add(new LossGaussian(deviation), columns);
        }

        /**
         * Adds real numbers whose noise the network learns, with two outputs per column.
         *
         * @param columns the number of columns
         * @return this
         */
        public Builder learnedVariance(int columns) {
            return add(new LossGaussianLearnedVariance(), columns);
        }

        /**
         * Adds categories, encoded one-hot.
         *
         * @param classes the number of classes of each, which is its number of columns
         * @return this
         */
        public Builder categorical(int... classes) {
            LossCategorical loss = new LossCategorical(classes);
            return add(loss, Arrays.stream(classes).sum());
        }

        /**
         * Adds flags, 0 or 1.
         *
         * @param columns the number of columns
         * @return this
         */
        public Builder bernoulli(int columns) {
            return add(new LossBernoulli(), columns);
        }

        /**
         * Adds counts.
         *
         * @param columns the number of columns
         * @return this
         */
        public Builder poisson(int columns) {
            return add(new LossPoissonNll(), columns);
        }

        /**
         * Creates the loss.
         *
         * @return the loss
         * @throws IllegalArgumentException if there is no part, one is not a likelihood of this package, or its number
         *     of columns does not suit it
         */
        public LossMixed build() {
            return new LossMixed(this);
        }
    }
}
