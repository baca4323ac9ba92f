package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The contraction ratio: the distance between two codes relative to the distance between their inputs.
 *
 * <pre>
 * ρ(r) = mean over examples of ‖h(x + r·u) − h(x)‖ / r,   u uniform on the unit sphere
 * </pre>
 *
 * <p>As r → 0 it tends to the mean length of J·u. An encoder that has learned the data contracts more near the examples
 * than far from them. Its curve rises up to the distance of the next examples and falls where units saturate. Small
 * weights alone contract equally at all distances.
 *
 * @see <a href="https://icml.cc/2011/papers/455_icmlpaper.pdf">Rifai et al. 2011, Contractive auto-encoders, section
 *     5.3</a>
 */
public final class ContractionRatio {

    private ContractionRatio() {}

    /**
     * Estimates the contraction ratio at several distances.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param examples held-out examples {@code [N, …]}; not changed
     * @param radii the distances r, each above 0
     * @param seed the seed of the directions u, which are the same for each radius
     * @return ρ, one value per radius
     * @throws IllegalArgumentException if there are no examples, or a radius is not above 0
     */
    public static double[] estimate(UnaryOperator<INDArray> encoder, INDArray examples, double[] radii, long seed) {
        Require.that(
                !examples.isEmpty(),
                "ContractionRatio",
                "there must be at least one example",
                "shape " + Arrays.toString(examples.shape()),
                "");
        long rows = examples.size(0);
        INDArray x = FloatingPoint.of(examples).dup('c');
        INDArray u = Nd4j.createUninitialized(x.dataType(), new long[] {rows, x.length() / rows}, 'c');
        NoisyRows.apply(u, u, NoiseStream.of(seed, "ContractionRatio")::normal, (ignored, normal) -> normal);
        u.diviColumnVector(u.norm2(true, 1));
        INDArray codes = flat(encoder.apply(x.dup('c')), rows);
        double[] ratios = new double[radii.length];
        for (int i = 0; i < radii.length; i++) {
            ContractionWeights.requirePerturbation("ContractionRatio", radii[i]);
            INDArray moved = x.add(u.mul(radii[i]).reshape('c', x.shape()));
            ratios[i] = flat(encoder.apply(moved), rows)
                            .subi(codes)
                            .norm2(1)
                            .meanNumber()
                            .doubleValue()
                    / radii[i];
        }
        return ratios;
    }

    private static INDArray flat(INDArray codes, long rows) {
        return codes.dup('c').reshape('c', rows, codes.length() / rows);
    }
}
