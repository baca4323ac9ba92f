package io.github.dl4jae.timeseries;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.PosteriorRefinement;
import io.github.dl4jae.variational.VariationalModel;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A trained {@link TimeVae}: generates series, fills missing values, forecasts, and takes series apart.
 *
 * <pre>
 * generate    x̂ = decode(z), z ~ N(0, I)
 * impute      x̂ = decode(E_q[z]) where x is missing, q(z) close to p(z | values that are present)
 * forecast    impute, with the last steps missing
 * </pre>
 *
 * <p>The encoder needs complete series. For series with missing values, the posterior of the code is therefore fitted
 * to the values that are present ({@link PosteriorRefinement}): it begins where the encoder reads an interpolated
 * series, and ascends the evidence lower bound of the present values.
 *
 * <p>Series are {@code [N, features, time]} in the unit of the data, results in float64. {@link #variationalModel} is
 * the same model for scaled series.
 */
public final class TimeVaeModel implements Autoencoder {

    private static final String SUBJECT = "TimeVaeModel";
    private static final String MINIMUM = "series-minimum";
    private static final String RANGE = "series-range";

    private final ComputationGraph graph;
    private final SeriesScaler scaler;
    private final VariationalModel model;
    private final ForwardPass pass;
    private final int steps;

    private TimeVaeModel(ComputationGraph graph, SeriesScaler scaler) {
        this.graph = graph;
        this.scaler = scaler;
        this.model = VariationalModel.of(graph, TimeVaeGraph.CODE);
        this.pass = ForwardPass.of(graph);
        Require.that(
                pass.find(SeriesParts.LEVEL) != null && level(graph) != null,
                SUBJECT,
                "the graph must be one of TimeVae.network",
                pass.names(),
                "");
        this.steps = Objects.requireNonNull(level(graph)).getSteps();
    }

    private static @Nullable TimeBasisLayer level(ComputationGraph graph) {
        return graph.getLayer(SeriesParts.LEVEL).conf().getLayer() instanceof TimeBasisLayer layer ? layer : null;
    }

    /**
     * Adapts a trained network.
     *
     * @param graph a trained network of {@link TimeVae#network}; not copied
     * @param scaler the scale of its training data
     * @return the model
     * @throws IllegalArgumentException if an argument is null, or the graph is another
     */
    public static TimeVaeModel of(ComputationGraph graph, SeriesScaler scaler) {
        Require.given(SUBJECT, "graph", graph, "");
        return new TimeVaeModel(
                graph, Require.given(SUBJECT, "scaler", scaler, "SeriesScaler.none(F) changes nothing"));
    }

    /**
     * Reads a model.
     *
     * @param file a result of {@link #save}
     * @return the model
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws UncheckedIOException if it cannot be read
     */
    public static TimeVaeModel load(Path file) {
        ModelBundle bundle = ModelBundle.load(file);
        double[] minimum = bundle.arrayAttachment(MINIMUM);
        double[] range = bundle.arrayAttachment(RANGE);
        if (minimum == null || range == null || minimum.length != range.length) {
            throw new IllegalArgumentException(
                    SUBJECT + ": the file must be one of TimeVaeModel.save, got " + file + ", which has no scale");
        }
        double[] maximum = new double[range.length];
        Arrays.setAll(maximum, f -> minimum[f] + range[f]);
        return of(bundle.computationGraph(), SeriesScaler.of(minimum, maximum));
    }

    /**
     * Writes the model: a {@link ModelBundle} with the scale.
     *
     * @param file replaced atomically
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        return new ModelBundle.Builder(graph)
                .codeLayer(TimeVaeGraph.CODE)
                .attachment(MINIMUM, scaler.minimum())
                .attachment(RANGE, scaler.range())
                .build()
                .save(file);
    }

    /**
     * Returns the network.
     *
     * @return the network itself
     */
    public ComputationGraph network() {
        return graph;
    }

    /**
     * Returns the scale of the training data.
     *
     * @return an immutable scale
     */
    public SeriesScaler scaler() {
        return scaler;
    }

    /**
     * Returns the model of scaled series, for likelihoods, posteriors and samples with noise.
     *
     * @return a view of the network
     */
    public VariationalModel variationalModel() {
        return model;
    }

    /**
     * Returns the length of a series.
     *
     * @return T
     */
    public int steps() {
        return steps;
    }

    @Override
    public INDArray encode(INDArray series) {
        return model.encode(scaled(series));
    }

    @Override
    public INDArray decode(INDArray codes) {
        return scaler.unscale(model.decode(codes));
    }

    @Override
    public INDArray reconstruct(INDArray series) {
        return decode(encode(series));
    }

    private INDArray scaled(INDArray series) {
        INDArray scaled = scaler.scale(series);
        requireSteps(scaled);
        return scaled;
    }

    private void requireSteps(INDArray series) {
        Require.that(series.size(2) == steps, SUBJECT, "series must have " + steps + " steps", series.size(2), "");
    }

    /**
     * Generates series: decoded samples of the prior, without the noise of the likelihood, as in the paper.
     *
     * @param count their number, at least 1
     * @param seed of the samples
     * @return {@code [count, features, time]}
     * @throws IllegalArgumentException if the count is below 1
     */
    public INDArray generate(int count, long seed) {
        return decode(model.samplePrior(count, seed));
    }

    /**
     * Takes the reconstruction of series apart.
     *
     * @param series {@code [N, features, time]}
     * @return parts whose sum is {@link #reconstruct}
     */
    public SeriesParts parts(INDArray series) {
        return partsOfCodes(encode(series));
    }

    /**
     * Takes decoded series apart.
     *
     * @param codes z, {@code [N, latents]}
     * @return parts whose sum is {@link #decode}
     * @throws IllegalArgumentException if the codes have another shape
     */
    public SeriesParts partsOfCodes(INDArray codes) {
        Batches.requireRows(SUBJECT, "codes", codes);
        Require.that(
                codes.rank() == 2 && codes.size(1) == model.latents(),
                SUBJECT,
                "codes must have the shape [N, " + model.latents() + "]",
                Arrays.toString(codes.shape()),
                "");
        Map<String, INDArray> parts = new LinkedHashMap<>();
        for (String name : partNames()) {
            INDArray scaled = part(name, codes);
            boolean level = name.equals(SeriesParts.LEVEL);
            parts.put(name, level ? scaler.unscale(scaled) : scaler.unscaleDifference(scaled));
        }
        return new SeriesParts(parts);
    }

    private List<String> partNames() {
        List<String> names = new ArrayList<>(List.of(SeriesParts.LEVEL, SeriesParts.TREND));
        for (int i = 0; pass.find(SeriesParts.season(i)) != null; i++) {
            names.add(SeriesParts.season(i));
        }
        names.add(SeriesParts.RESIDUAL);
        return names.stream().filter(name -> pass.find(name) != null).toList();
    }

    private INDArray part(String name, INDArray codes) {
        int code = Objects.requireNonNull(pass.find(TimeVaeGraph.CODE));
        int place = Objects.requireNonNull(pass.find(name));
        synchronized (graph) {
            return Batches.of(codes)
                    .join((from, to) -> pass.output(
                            place,
                            Map.of(code, Batches.copy(codes, from, to, pass.type())),
                            null,
                            (int) (to - from),
                            LayerWorkspaceMgr.noWorkspaces()));
        }
    }

    /**
     * Fits the posteriors of series with missing values to the values that are present.
     *
     * @param series {@code [N, features, time]}; missing values can be NaN
     * @param present 1 for values that are present, 0 for missing ones, in the same shape
     * @return q(z) of each series
     * @throws IllegalArgumentException if the shapes do not fit, the mask has other values than 0 and 1, or a value
     *     that is present is not finite
     */
    public GaussianPosterior posterior(INDArray series, INDArray present) {
        return posterior(series, present, new PosteriorRefinement.Builder(model).steps(200));
    }

    /**
     * Fits the posteriors of series with missing values to the values that are present.
     *
     * @param series {@code [N, features, time]}; missing values can be NaN
     * @param present 1 for values that are present, 0 for missing ones, in the same shape
     * @param refinement steps, samples and learning rate of the fit, for {@link #variationalModel}
     * @return q(z) of each series
     * @throws IllegalArgumentException as for {@link #posterior(INDArray, INDArray)}
     */
    public GaussianPosterior posterior(INDArray series, INDArray present, PosteriorRefinement.Builder refinement) {
        Require.given(SUBJECT, "refinement", refinement, "leave it out");
        INDArray filled = scaled(new GapFiller(SUBJECT, scaler).fill(series, present));
        return refinement.refine(filled, present.castTo(DataType.DOUBLE)).posterior();
    }

    /**
     * Fills missing values with decoded ones.
     *
     * @param series {@code [N, features, time]}; missing values can be NaN
     * @param present 1 for values that are present, 0 for missing ones, in the same shape
     * @return the series, with values that were present as they are
     * @throws IllegalArgumentException as for {@link #posterior(INDArray, INDArray)}
     */
    public INDArray impute(INDArray series, INDArray present) {
        INDArray decoded = decode(posterior(series, present).means());
        INDArray known = new GapFiller(SUBJECT, scaler).fill(series, present);
        INDArray mask = present.castTo(DataType.DOUBLE);
        return known.mul(mask).addi(decoded.mul(mask.rsub(1)));
    }

    /**
     * Forecasts the rest of series.
     *
     * @param beginning the first steps, {@code [N, features, t]} with t below T
     * @return the other steps, {@code [N, features, T − t]}
     * @throws IllegalArgumentException if the shape does not fit, or a value is not finite
     */
    public INDArray forecast(INDArray beginning) {
        SeriesScaler.requireSeries(SUBJECT, beginning);
        int known = Math.toIntExact(beginning.size(2));
        Require.that(
                known < steps,
                SUBJECT,
                "the beginning must have fewer than " + steps + " steps, the length of a series",
                known,
                "");
        long[] shape = {beginning.size(0), beginning.size(1), steps};
        INDArray series = Nd4j.zeros(DataType.DOUBLE, shape);
        INDArray present = Nd4j.zeros(DataType.DOUBLE, shape);
        first(series, known).assign(beginning);
        first(present, known).assign(1);
        return decode(posterior(series, present).means())
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(known, steps))
                .dup('c');
    }

    private static INDArray first(INDArray series, int count) {
        return series.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, count));
    }

    @Override
    public String toString() {
        return "TimeVaeModel(" + scaler.features() + " features, " + steps + " steps, " + model.latents() + " latents)";
    }
}
