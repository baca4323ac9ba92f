package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.dictionary.ReceptiveField;
import io.github.dl4jae.dictionary.SparseCodes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What features see: the mean of the pixels in the receptive fields where they fire, weighted by their activation.
 *
 * <pre>
 * patch_u = Σ f_u · pixels / Σ f_u − the mean patch of all positions
 * </pre>
 */
final class MeanPatches {

    private static final int SIDE = 28;

    private final ReceptiveField field;
    private final int units;
    private final double[][] sums;
    private final double[] weights;
    private final double[] all;
    private long positions;

    MeanPatches(ReceptiveField field, int units) {
        this.field = field;
        this.units = units;
        this.sums = new double[units][];
        this.weights = new double[units];
        this.all = new double[field.size() * field.size()];
    }

    /**
     * Adds images.
     *
     * @param images {@code [images, 784]}
     * @param codes of their positions, image by image
     */
    void add(INDArray images, SparseCodes codes) {
        int perImage = codes.examples() / (int) images.size(0);
        for (int row = 0; row < codes.examples(); row++) {
            double[] patch = patch(images.getRow(row / perImage).toDoubleVector(), row % perImage);
            add(all, patch, 1);
            positions++;
            for (int i = 0; i < codes.active(row); i++) {
                int unit = codes.unit(row, i);
                if (sums[unit] == null) {
                    sums[unit] = new double[patch.length];
                }
                add(sums[unit], patch, codes.value(row, i));
                weights[unit] += codes.value(row, i);
            }
        }
    }

    private double[] patch(double[] pixels, int position) {
        int size = field.size();
        int top = field.start() + position / field.across() * field.stride();
        int left = field.start() + position % field.across() * field.stride();
        double[] patch = new double[size * size];
        for (int y = Math.max(0, -top); y < Math.min(size, SIDE - top); y++) {
            for (int x = Math.max(0, -left); x < Math.min(size, SIDE - left); x++) {
                patch[y * size + x] = pixels[(top + y) * SIDE + left + x];
            }
        }
        return patch;
    }

    private static void add(double[] sum, double[] values, double weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * values[i];
        }
    }

    /** Returns the patches, {@code [units, size·size]}; 0 for features that never fired. */
    INDArray patches() {
        INDArray patches = Nd4j.zeros(units, all.length);
        for (int unit = 0; unit < units; unit++) {
            for (int i = 0; sums[unit] != null && i < all.length; i++) {
                patches.putScalar(unit, i, sums[unit][i] / weights[unit] - all[i] / positions);
            }
        }
        return patches;
    }
}
