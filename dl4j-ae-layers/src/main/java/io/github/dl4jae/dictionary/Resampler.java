package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives dead units new weights, as {@link Resampling} describes. */
final class Resampler {

    private static final double ENCODER_SHARE = 0.2;

    private Resampler() {}

    /**
     * Revives units, if it is time.
     *
     * @param inputs what the encoder has seen
     * @param losses of these examples
     * @return the units revived
     */
    static int[] revive(
            DictionaryLayer layer,
            Resampling resampling,
            Map<String, INDArray> parameters,
            int iteration,
            long seed,
            RowVector[] inputs,
            double[] losses) {
        boolean due =
                iteration > 0 && iteration % resampling.interval() == 0 && iteration <= resampling.lastIteration();
        INDArray idle = Objects.requireNonNull(parameters.get(DictionaryParamInitializer.IDLE));
        DeadUnits dead = due ? DeadUnits.of(idle, resampling.deadAfter()) : DeadUnits.NONE;
        double[] cumulative = cumulative(losses);
        if (dead.count() == 0 || cumulative[cumulative.length - 1] <= 0) {
            return new int[0];
        }
        RowMatrix decoder = RowMatrix.of(Objects.requireNonNull(parameters.get(DictionaryParamInitializer.DECODER)));
        double decoderNorm = layer.hasUnitNorm() ? 1 : meanNorm(decoder, idle, resampling.deadAfter());
        RowMatrix encoder = layer.getEncoder().hasEncoderWeights()
                ? RowMatrix.of(Objects.requireNonNull(parameters.get(DictionaryParamInitializer.ENCODER))
                        .transpose())
                : null;
        double encoderNorm = encoder == null ? 0 : ENCODER_SHARE * meanNorm(encoder, idle, resampling.deadAfter());
        SplittableRandom random = RandomStreams.of(seed, iteration);
        for (int j : dead.units()) {
            RowVector row = decoder.vector();
            row.copy(inputs[draw(cumulative, random)]);
            double norm = Math.sqrt(row.dot(row));
            if (norm > 0) {
                row.scale(decoderNorm / norm);
                decoder.write(j, row);
                if (encoder != null) {
                    row.scale(encoderNorm / decoderNorm);
                    encoder.write(j, row);
                }
            }
            for (String name : layer.getEncoder().unitParameters()) {
                if (parameters.containsKey(name)) {
                    Objects.requireNonNull(parameters.get(name))
                            .putScalar(j, layer.getEncoder().initial(name));
                }
            }
        }
        for (int j : dead.units()) {
            idle.putScalar(j, 0);
        }
        return dead.units();
    }

    /** Returns the running sum of squared losses. */
    private static double[] cumulative(double[] losses) {
        double[] sums = new double[losses.length];
        double sum = 0;
        for (int b = 0; b < losses.length; b++) {
            sum += losses[b] * losses[b];
            sums[b] = sum;
        }
        return sums;
    }

    private static int draw(double[] cumulative, SplittableRandom random) {
        double u = random.nextDouble() * cumulative[cumulative.length - 1];
        int b = 0;
        while (cumulative[b] <= u) {
            b++;
        }
        return b;
    }

    /** Returns the mean length of the rows of living units, or 1 if there are none. */
    private static double meanNorm(RowMatrix matrix, INDArray idle, long deadAfter) {
        RowVector row = matrix.vector();
        double sum = 0;
        int count = 0;
        for (int j = 0; j < matrix.rows(); j++) {
            if (idle.getDouble(j) < deadAfter) {
                matrix.read(j, row);
                sum += Math.sqrt(row.dot(row));
                count++;
            }
        }
        return count == 0 ? 1 : sum / count;
    }
}
