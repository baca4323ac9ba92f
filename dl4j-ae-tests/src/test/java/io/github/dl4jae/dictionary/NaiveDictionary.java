package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loss and gradients of a training pass by dense loops over examples, units and features, in float64, from the formulas
 * in the documentation: slow and obvious. Matching pursuit is left out.
 */
final class NaiveDictionary {

    private static final double TANH_SCALE = 4;
    private static final double DEAD_WEIGHT = 3e-6;

    private final DictionaryLayer layer;
    private final boolean[] dead;
    private final double[][] x;
    private final double[][] y;
    private final boolean[] counts;
    private final int batch;
    private final int units;
    private final int outputs;
    private final double sparsity;
    private final double[][] decoder;
    private final double[] norm;
    private final double[][] encoder;
    private final Map<String, double[]> vectors = new LinkedHashMap<>();
    private final Map<String, double[]> vectorGradients = new LinkedHashMap<>();

    /** Pre-activations with bias. */
    final double[][] z;
    /** Codes. */
    final double[][] f;

    private final double[][] centered;
    private final double[][] codeGradient;
    private final double[][] preGradient;
    private final double[][] decoderGradient;
    private final double[][] outputGradient;
    private double loss;

    /**
     * Computes everything.
     *
     * @param dead the units that have not fired for long
     * @param mask an example counts where it is not 0; null if all count
     */
    NaiveDictionary(
            DictionaryLayer layer,
            Map<String, INDArray> parameters,
            INDArray features,
            INDArray labels,
            INDArray mask,
            int... dead) {
        this.layer = layer;
        this.sparsity = layer.getEncoder().sparsityAt(layer.reached());
        x = matrix(features);
        y = matrix(labels);
        batch = x.length;
        counts = new boolean[batch];
        for (int b = 0; b < batch; b++) {
            counts[b] = mask == null || mask.getDouble(b) != 0;
        }
        units = layer.getUnits();
        outputs = y[0].length;
        this.dead = new boolean[units];
        for (int j : dead) {
            this.dead[j] = true;
        }
        decoder = matrix(parameters.get("Wdec"));
        norm = Arrays.stream(decoder)
                .mapToDouble(row -> Math.sqrt(dot(row, row)))
                .toArray();
        encoder = matrix(parameters.get("Wenc"));
        parameters.forEach((name, value) -> {
            if (value.size(0) == 1) {
                vectors.put(name, matrix(value)[0]);
                vectorGradients.put(name, new double[(int) value.length()]);
            }
        });
        centered = new double[batch][x[0].length];
        z = new double[batch][units];
        f = new double[batch][units];
        codeGradient = new double[batch][units];
        preGradient = new double[batch][units];
        decoderGradient = new double[units][outputs];
        outputGradient = new double[batch][outputs];
        double[][] skip = layer.hasSkip() ? matrix(parameters.get("Wskip")) : null;
        encode();
        select();
        double[][] residual = reconstruct(skip);
        penalize();
        revive(residual);
        backward();
    }

    private static double[][] matrix(INDArray array) {
        return array.castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    private void encode() {
        double[] bias = vectors.get(layer.getEncoder() instanceof GatedEncoder ? "bgate" : "benc");
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < x[b].length; i++) {
                centered[b][i] = x[b][i] - (layer.hasCenteredInput() ? vectors.get("bdec")[i] : 0);
            }
            for (int j = 0; j < units; j++) {
                z[b][j] = bias[j];
                for (int i = 0; i < x[b].length; i++) {
                    z[b][j] += centered[b][i] * encoder[i][j];
                }
            }
        }
    }

    private void select() {
        DictionaryEncoder kind = layer.getEncoder();
        int k = (int) Math.round(sparsity);
        if (kind instanceof BatchTopKEncoder) {
            int examples =
                    (int) IntStream.range(0, batch).filter(b -> counts[b]).count();
            double floor = IntStream.range(0, batch)
                    .filter(b -> counts[b])
                    .boxed()
                    .flatMap(b -> Arrays.stream(z[b]).boxed())
                    .sorted(Comparator.reverseOrder())
                    .skip((long) k * examples - 1)
                    .findFirst()
                    .orElse(0d);
            select((b, j) -> z[b][j] > 0 && z[b][j] >= floor ? z[b][j] : 0);
        } else if (kind instanceof TopKEncoder) {
            select((b, j) -> z[b][j] > 0 && rank(z[b], j, v -> v) < k ? z[b][j] : 0);
        } else if (kind instanceof AbsTopKEncoder) {
            select((b, j) -> rank(z[b], j, Math::abs) < k ? z[b][j] : 0);
        } else if (kind instanceof L1Encoder) {
            select((b, j) -> Math.max(0, z[b][j]));
        } else if (kind instanceof JumpReLUEncoder) {
            select((b, j) -> z[b][j] > vectors.get("threshold")[j] ? z[b][j] : 0);
        } else {
            select((b, j) -> z[b][j] > 0 ? magnitude(b, j) : 0);
        }
    }

    private double magnitude(int b, int j) {
        double u = z[b][j] - vectors.get("bgate")[j];
        return Math.max(0, Math.exp(vectors.get("rmag")[j]) * u + vectors.get("bmag")[j]);
    }

    private static int rank(double[] values, int j, ToDoubleFunction<Double> size) {
        return (int) Arrays.stream(values)
                .filter(v -> size.applyAsDouble(v) > size.applyAsDouble(values[j]))
                .count();
    }

    private interface Code {
        double of(int example, int unit);
    }

    private void select(Code code) {
        for (int b = 0; b < batch; b++) {
            for (int j = 0; counts[b] && j < units; j++) {
                f[b][j] = code.of(b, j);
            }
        }
    }

    /** Adds the squared errors of all widths and their gradients; returns the residual of the full width. */
    private double[][] reconstruct(double[][] skip) {
        double[][] residual = new double[batch][outputs];
        for (int b = 0; b < batch; b++) {
            for (int width : layer.widths()) {
                double[] e = y[b].clone();
                for (int o = 0; o < outputs; o++) {
                    e[o] -= vectors.get("bdec")[o];
                    for (int j = 0; j < width; j++) {
                        e[o] -= f[b][j] * decoder[j][o];
                    }
                    for (int i = 0; skip != null && i < x[b].length; i++) {
                        e[o] -= x[b][i] * skip[i][o];
                    }
                }
                if (!counts[b]) {
                    Arrays.fill(e, 0);
                }
                loss += dot(e, e);
                for (int j = 0; j < width; j++) {
                    codeGradient[b][j] -= 2 * dot(e, decoder[j]);
                    for (int o = 0; o < outputs; o++) {
                        decoderGradient[j][o] -= 2 * f[b][j] * e[o];
                    }
                }
                for (int o = 0; o < outputs; o++) {
                    outputGradient[b][o] -= 2 * e[o];
                }
                residual[b] = e;
            }
        }
        return residual;
    }

    private void penalize() {
        double l0 = 0;
        long examples = 0;
        for (int b = 0; b < batch; b++) {
            l0 += Arrays.stream(f[b]).filter(v -> v != 0).count();
            examples += counts[b] ? 1 : 0;
        }
        l0 /= examples;
        if (layer.getEncoder() instanceof JumpReLUEncoder jump
                && jump.getObjective() == JumpReLUEncoder.Objective.TARGET_L0) {
            loss += examples * sparsity * Math.pow(l0 / jump.getTargetL0() - 1, 2);
        }
        for (int b = 0; b < batch; b++) {
            double[] gate = counts[b] ? gateResidual(b) : new double[outputs];
            for (int j = 0; counts[b] && j < units; j++) {
                DictionaryEncoder kind = layer.getEncoder();
                if (kind instanceof L1Encoder) {
                    loss += sparsity * f[b][j] * norm[j];
                    codeGradient[b][j] += sparsity * norm[j];
                    addNormGradient(j, sparsity * f[b][j]);
                    preGradient[b][j] = z[b][j] > 0 ? codeGradient[b][j] : 0;
                } else if (kind instanceof JumpReLUEncoder jump) {
                    jump(b, j, jump, l0);
                } else if (kind instanceof GatedEncoder) {
                    gated(b, j, gate);
                } else {
                    preGradient[b][j] = f[b][j] != 0 ? codeGradient[b][j] : 0;
                }
            }
            if (layer.getEncoder() instanceof GatedEncoder) {
                loss += dot(gate, gate);
            }
        }
    }

    private void addNormGradient(int j, double gradient) {
        for (int o = 0; o < outputs; o++) {
            decoderGradient[j][o] += gradient * decoder[j][o] / norm[j];
        }
    }

    private void jump(int b, int j, JumpReLUEncoder encoder, double l0) {
        double theta = vectors.get("threshold")[j];
        double kernel = Math.abs((z[b][j] - theta) / encoder.getBandwidth()) < 0.5 ? 1 : 0;
        double perUnit = 0;
        double forDead = 0;
        switch (encoder.getObjective()) {
            case STEP -> {
                perUnit = sparsity;
                loss += f[b][j] != 0 ? sparsity : 0;
            }
            case TARGET_L0 -> perUnit = 2 * sparsity * (l0 / encoder.getTargetL0() - 1) / encoder.getTargetL0();
            case TANH -> {
                double tanh = Math.tanh(TANH_SCALE * f[b][j] * norm[j]);
                loss += sparsity * tanh;
                codeGradient[b][j] += sparsity * (1 - tanh * tanh) * TANH_SCALE * norm[j];
                addNormGradient(j, sparsity * (1 - tanh * tanh) * TANH_SCALE * f[b][j]);
                if (dead[j] && theta > z[b][j]) {
                    forDead = DEAD_WEIGHT * norm[j];
                    loss += forDead * (theta - z[b][j]);
                    addNormGradient(j, DEAD_WEIGHT * (theta - z[b][j]));
                }
            }
        }
        preGradient[b][j] = (z[b][j] > theta ? codeGradient[b][j] : 0) - forDead;
        vectorGradients.get("threshold")[j] += -theta / encoder.getBandwidth() * kernel * codeGradient[b][j]
                - perUnit / encoder.getBandwidth() * kernel
                + forDead;
    }

    private double[] gateResidual(int b) {
        double[] e = y[b].clone();
        for (int o = 0; o < outputs; o++) {
            e[o] -= vectors.get("bdec")[o];
            for (int j = 0; j < units; j++) {
                e[o] -= Math.max(0, z[b][j]) * decoder[j][o];
            }
        }
        return e;
    }

    private void gated(int b, int j, double[] gateResidual) {
        if (z[b][j] <= 0) {
            return;
        }
        loss += sparsity * z[b][j] * norm[j];
        addNormGradient(j, sparsity * z[b][j]);
        double gate = sparsity * norm[j] - 2 * dot(gateResidual, decoder[j]);
        double magnitude = f[b][j] > 0 ? codeGradient[b][j] : 0;
        double scale = Math.exp(vectors.get("rmag")[j]);
        vectorGradients.get("bmag")[j] += magnitude;
        vectorGradients.get("rmag")[j] += magnitude * scale * (z[b][j] - vectors.get("bgate")[j]);
        vectorGradients.get("bgate")[j] += gate;
        preGradient[b][j] = magnitude * scale + gate;
    }

    /** The auxiliary loss. */
    private void revive(double[][] residual) {
        int count = (int) IntStream.range(0, units).filter(j -> dead[j]).count();
        if (!(layer.getRevival() instanceof AuxiliaryLoss auxiliary) || count == 0) {
            return;
        }
        int k = auxiliary.k() == 0 ? x[0].length / 2 : auxiliary.k();
        double weight = auxiliary.weight() * Math.min(count / (double) k, 1);
        for (int b = 0; b < batch; b++) {
            double[] deadValues = new double[units];
            for (int j = 0; j < units; j++) {
                deadValues[j] = dead[j] ? z[b][j] : Double.NEGATIVE_INFINITY;
            }
            double[] code = new double[units];
            double[] left = residual[b].clone();
            for (int j = 0; counts[b] && j < units; j++) {
                if (deadValues[j] > 0 && rank(deadValues, j, v -> v) < k) {
                    code[j] = z[b][j];
                    for (int o = 0; o < outputs; o++) {
                        left[o] -= code[j] * decoder[j][o];
                    }
                }
            }
            loss += weight * dot(left, left);
            for (int j = 0; j < units; j++) {
                double gradient = code[j] > 0 ? -2 * weight * dot(left, decoder[j]) : 0;
                preGradient[b][j] += gradient;
                if (layer.getEncoder() instanceof GatedEncoder) {
                    vectorGradients.get("bgate")[j] += gradient; // its other bias does not reach the gate
                }
                for (int o = 0; o < outputs; o++) {
                    decoderGradient[j][o] -= 2 * weight * code[j] * left[o];
                }
            }
        }
    }

    private void backward() {
        for (int b = 0; b < batch; b++) {
            for (int o = 0; o < outputs; o++) {
                vectorGradients.get("bdec")[o] += outputGradient[b][o];
            }
            for (int j = 0; j < units; j++) {
                if (!(layer.getEncoder() instanceof GatedEncoder)) {
                    vectorGradients.get("benc")[j] += preGradient[b][j];
                }
                for (int i = 0; layer.hasCenteredInput() && i < outputs; i++) {
                    vectorGradients.get("bdec")[i] -= preGradient[b][j] * encoder[i][j];
                }
            }
        }
        for (int j = 0; layer.hasUnitNorm() && j < units; j++) {
            double along = dot(decoderGradient[j], decoder[j]) / norm[j];
            for (int o = 0; o < outputs; o++) {
                decoderGradient[j][o] -= along * decoder[j][o] / norm[j];
            }
        }
    }

    /** Returns the loss, a mean over examples. */
    double loss() {
        return loss / batch;
    }

    /** Returns the gradients of {@link #loss}, by parameter. */
    Map<String, double[][]> gradients() {
        Map<String, double[][]> all = new LinkedHashMap<>();
        all.put("Wdec", mean(decoderGradient));
        all.put("Wenc", products(centered, preGradient));
        if (layer.hasSkip()) {
            all.put("Wskip", products(x, outputGradient));
        }
        vectorGradients.forEach((name, gradient) -> all.put(name, mean(new double[][] {gradient})));
        return all;
    }

    /** Returns the gradient of the summed loss with respect to the input, without a skip connection. */
    double[][] inputGradient() {
        double[][] gradient = new double[batch][x[0].length];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < x[0].length; i++) {
                gradient[b][i] = dot(preGradient[b], encoder[i]);
            }
        }
        return gradient;
    }

    private double[][] mean(double[][] sums) {
        return Arrays.stream(sums)
                .map(row -> Arrays.stream(row).map(v -> v / batch).toArray())
                .toArray(double[][]::new);
    }

    /** Returns aᵀ·b/B. */
    private double[][] products(double[][] a, double[][] b) {
        double[][] sums = new double[a[0].length][b[0].length];
        for (int example = 0; example < batch; example++) {
            for (int i = 0; i < a[0].length; i++) {
                for (int j = 0; j < b[0].length; j++) {
                    sums[i][j] += a[example][i] * b[example][j];
                }
            }
        }
        return mean(sums);
    }
}
