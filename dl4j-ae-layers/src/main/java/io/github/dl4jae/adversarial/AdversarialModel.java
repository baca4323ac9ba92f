package io.github.dl4jae.adversarial;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A trained adversarial autoencoder: codes, their parts, and samples.
 *
 * <pre>
 * encode(x)       (softmax of the category logits, mean of the latents), [N, K + n]
 * categories(x)   the first K columns            latents(x)   the last n columns
 * sample(N)       decode(c), c from the prior
 * </pre>
 *
 * <p>It runs the networks that were trained, without copies. One thread may use it at a time, and not while they train.
 */
public final class AdversarialModel implements Autoencoder {

    private final Model encoder;
    private final Model decoder;
    private final AdversarialMode mode;
    private final CodeHeads heads;
    private final CodePrior prior;

    private AdversarialModel(Model encoder, Model decoder, AdversarialMode mode, CodeHeads heads, CodePrior prior) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.mode = mode;
        this.heads = heads;
        this.prior = prior;
    }

    static AdversarialModel of(AdversarialOptions options) {
        return new AdversarialModel(
                options.encoder(), options.decoder(), options.mode(), options.heads(), options.prior());
    }

    /**
     * Returns the model of networks that were trained, for example after they were loaded from files.
     *
     * @param encoder an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param decoder likewise
     * @param mode of the training
     * @param posterior of the training
     * @param prior of the training
     * @return the model
     * @throws IllegalArgumentException if an argument is null or a network is of another kind
     */
    public static AdversarialModel of(
            Model encoder, Model decoder, AdversarialMode mode, CodePosterior posterior, CodePrior prior) {
        AdversarialChecks.requireNetwork("AdversarialModel", "encoder", encoder);
        AdversarialChecks.requireNetwork("AdversarialModel", "decoder", decoder);
        Require.given("AdversarialModel", "mode", mode, "");
        Require.given("AdversarialModel", "posterior", posterior, "");
        Require.given("AdversarialModel", "prior", prior, "");
        return new AdversarialModel(encoder, decoder, mode, new CodeHeads(mode, posterior, 0), prior);
    }

    @Override
    public INDArray encode(INDArray examples) {
        Batches.requireRows("AdversarialModel", "examples", examples);
        return heads.means(run(encoder, examples));
    }

    /**
     * Draws codes of examples from the posterior, as training does: the codes whose distribution is compared with the
     * prior.
     *
     * @param examples x, {@code [N, …]}
     * @param seed of the noise
     * @return {@code [N, K + n]}, a new array
     * @throws IllegalArgumentException if there are no examples
     */
    public INDArray drawCodes(INDArray examples, long seed) {
        Batches.requireRows("AdversarialModel", "examples", examples);
        INDArray output = run(encoder, examples);
        return Nd4j.createFromArray(heads.seeded(seed).draw(output, 0).codes()).castTo(output.dataType());
    }

    @Override
    public INDArray decode(INDArray codes) {
        Batches.requireRows("AdversarialModel", "codes", codes);
        int width = mode.categories() + mode.latents();
        Require.that(
                codes.rank() == 2 && codes.size(1) == width,
                "AdversarialModel",
                "codes must have shape [N, " + width + "]",
                Arrays.toString(codes.shape()),
                "encode examples, or take samples of the prior");
        return run(decoder, codes);
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return decode(encode(examples));
    }

    /**
     * Returns the probabilities of the categories.
     *
     * @param examples x, {@code [N, …]}
     * @return {@code [N, K]}, a new array
     * @throws IllegalArgumentException if the mode has no categories
     */
    public INDArray categories(INDArray examples) {
        Require.that(mode.categories() > 0, "AdversarialModel", "the mode must have categories", mode, "");
        return encode(examples)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(0, mode.categories()))
                .dup('c');
    }

    /**
     * Returns the latents.
     *
     * @param examples x, {@code [N, …]}
     * @return z, {@code [N, n]}, a new array
     */
    public INDArray latents(INDArray examples) {
        int k = mode.categories();
        return encode(examples)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(k, k + mode.latents()))
                .dup('c');
    }

    /**
     * Samples codes from the prior.
     *
     * @param count N, at least 1
     * @param seed of the samples
     * @return {@code [N, K + n]}, a new array
     * @throws IllegalArgumentException if the count is below 1
     */
    public INDArray sampleCodes(int count, long seed) {
        Require.atLeast(1, "AdversarialModel", "count", count, "");
        return new PriorSamples(mode, prior, seed).codes(count, 0);
    }

    /**
     * Samples examples.
     *
     * @param count N, at least 1
     * @param seed of the samples
     * @return decoded samples of the prior, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the count is below 1
     */
    public INDArray sample(int count, long seed) {
        return decode(sampleCodes(count, seed));
    }

    private static INDArray run(Model network, INDArray values) {
        return Batches.of(values).join((from, to) -> {
            INDArray part = Batches.copy(values, from, to, network.params().dataType());
            return network instanceof MultiLayerNetwork stack
                    ? stack.output(part, false)
                    : ((ComputationGraph) network).output(false, part)[0];
        });
    }
}
