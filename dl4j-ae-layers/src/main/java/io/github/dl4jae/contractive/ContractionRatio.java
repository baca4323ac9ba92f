package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much closer to each other codes are than the examples they belong to, as a function of the distance.
 *
 * <pre>
 * ρ(r) = mean over examples of ‖h(x + r·u) − h(x)‖ / r,   u uniform on the unit sphere
 * </pre>
 *
 * For r → 0 it is the mean length of J·u. An encoder that has learned the examples, and not merely small weights, contracts close to them
 * more than far away: the curve rises at first, to where the next examples are, and falls again when units saturate.
 *
 * @see <a href="https://icml.cc/2011/papers/455_icmlpaper.pdf">Rifai et al. 2011, section 5.3</a>
 */
public final class ContractionRatio {

    private ContractionRatio() {}

    /**
     * The contraction ratio at several distances.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param examples {@code [N, …]}, held out of training; not changed
     * @param radii r, each above 0
     * @param seed of the directions, which are the same for each radius
     * @return ρ, one per radius
     * @throws IllegalArgumentException if a radius is not above 0
     */
    public static double[] curve(UnaryOperator<INDArray> encoder, INDArray examples, double[] radii, long seed) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("ContractionRatio: there must be at least one example, got shape "
                    + Arrays.toString(examples.shape()));
        }
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
