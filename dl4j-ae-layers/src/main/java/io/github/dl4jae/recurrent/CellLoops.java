package io.github.dl4jae.recurrent;

/**
 * The cells of {@link FastGruLayer} and {@link FastLstmLayer} with tanh and sigmoid gates, one step at a time in Java.
 *
 * <p>Arrays are {@code [N, …]} in float64. A state is the output h and the cells c; a GRU has no cells.
 */
abstract class CellLoops {

    final int examples;
    final int units;
    private final boolean isFloat;

    private CellLoops(int examples, int units, boolean isFloat) {
        this.examples = examples;
        this.units = units;
        this.isFloat = isFloat;
    }

    static CellLoops of(RecurrentCell cell, int examples, int units, boolean isFloat) {
        return cell == RecurrentCell.GRU ? new Gru(examples, units, isFloat) : new Lstm(examples, units, isFloat);
    }

    /** A step: the state before it, its gates, and the state after it. */
    static final class Step {
        final double[] before;
        final double[] cellsBefore;
        final double[] gates;
        final double[] h;
        final double[] c;

        private Step(double[] before, double[] cellsBefore, int gates) {
            this.before = before;
            this.cellsBefore = cellsBefore;
            this.gates = new double[gates];
            this.h = new double[before.length];
            this.c = new double[before.length];
        }
    }

    /** The gradients of a step: of x·W and h·R, {@code [N, k·h]}, of the bias, and of the state before it. */
    static final class Errors {
        final double[] xW;
        final double[] hR;
        /** The part that does not pass through R. */
        final double[] h;

        final double[] c;

        private Errors(double[] xW, double[] hR, int states) {
            this.xW = xW;
            this.hR = hR;
            this.h = new double[states];
            this.c = new double[states];
        }
    }

    /** Computes a step from the products x·W and h·R. */
    abstract Step step(double[] xW, double[] hR, double[] b, double[] h, double[] c);

    /** Backpropagates through a step, and adds the gradient of the bias to a sum. */
    abstract Errors backprop(Step step, double[] dh, double[] dc, double[] db);

    /** Applies tanh to the values, or σ(z) = ½ + ½·tanh(z/2), which the caller has halved and completes. */
    final void tanh(double[] values, int from, int count) {
        RowValues.tanh(values, from, count, isFloat);
    }

    /** The formulas of {@link FastGruLayer}; gates are r, u, n, p. */
    private static final class Gru extends CellLoops {

        Gru(int examples, int units, boolean isFloat) {
            super(examples, units, isFloat);
        }

        @Override
        Step step(double[] xW, double[] hR, double[] b, double[] h, double[] c) {
            int block = examples * units;
            Step step = new Step(h, c, 4 * block);
            double[] gates = step.gates;
            for (int row = 0; row < examples; row++) {
                for (int j = 0; j < units; j++) {
                    int at = row * units + j;
                    int z = row * 3 * units + j;
                    gates[at] = (xW[z] + hR[z] + b[j]) / 2;
                    gates[block + at] = (xW[z + units] + hR[z + units] + b[units + j]) / 2;
                    gates[3 * block + at] = hR[z + 2 * units] + b[3 * units + j];
                }
            }
            tanh(gates, 0, 2 * block);
            for (int row = 0; row < examples; row++) {
                for (int j = 0; j < units; j++) {
                    int at = row * units + j;
                    gates[at] = 0.5 + gates[at] / 2;
                    gates[block + at] = 0.5 + gates[block + at] / 2;
                    gates[2 * block + at] =
                            xW[row * 3 * units + 2 * units + j] + b[2 * units + j] + gates[at] * gates[3 * block + at];
                }
            }
            tanh(gates, 2 * block, block);
            for (int at = 0; at < block; at++) {
                double n = gates[2 * block + at];
                step.h[at] = n + gates[block + at] * (h[at] - n);
            }
            return step;
        }

        @Override
        Errors backprop(Step step, double[] dh, double[] dc, double[] db) {
            int block = examples * units;
            double[] gates = step.gates;
            Errors errors = new Errors(new double[3 * block], new double[3 * block], block);
            for (int row = 0; row < examples; row++) {
                for (int j = 0; j < units; j++) {
                    int at = row * units + j;
                    int z = row * 3 * units + j;
                    double r = gates[at];
                    double u = gates[block + at];
                    double n = gates[2 * block + at];
                    double dn = dh[at] * (1 - u) * (1 - n * n);
                    double du = dh[at] * (step.before[at] - n) * u * (1 - u);
                    double dr = dn * gates[3 * block + at] * r * (1 - r);
                    errors.xW[z] = dr;
                    errors.xW[z + units] = du;
                    errors.xW[z + 2 * units] = dn;
                    errors.hR[z] = dr;
                    errors.hR[z + units] = du;
                    errors.hR[z + 2 * units] = dn * r;
                    errors.h[at] = dh[at] * u;
                    db[j] += dr;
                    db[units + j] += du;
                    db[2 * units + j] += dn;
                    db[3 * units + j] += dn * r;
                }
            }
            return errors;
        }
    }

    /** The formulas of {@link FastLstmLayer}; gates are i, f, o, g and act(c). */
    private static final class Lstm extends CellLoops {

        Lstm(int examples, int units, boolean isFloat) {
            super(examples, units, isFloat);
        }

        @Override
        Step step(double[] xW, double[] hR, double[] b, double[] h, double[] c) {
            int block = examples * units;
            Step step = new Step(h, c, 5 * block);
            double[] gates = step.gates;
            for (int row = 0; row < examples; row++) {
                for (int gate = 0; gate < 4; gate++) {
                    double scale = gate == 0 ? 1 : 0.5;
                    for (int j = 0; j < units; j++) {
                        int z = row * 4 * units + gate * units + j;
                        gates[gate * block + row * units + j] = scale * (xW[z] + hR[z] + b[gate * units + j]);
                    }
                }
            }
            tanh(gates, 0, 4 * block);
            for (int at = block; at < 4 * block; at++) {
                gates[at] = 0.5 + gates[at] / 2;
            }
            for (int at = 0; at < block; at++) {
                step.c[at] = gates[block + at] * c[at] + gates[3 * block + at] * gates[at];
            }
            System.arraycopy(step.c, 0, gates, 4 * block, block);
            tanh(gates, 4 * block, block);
            for (int at = 0; at < block; at++) {
                step.h[at] = gates[2 * block + at] * gates[4 * block + at];
            }
            return step;
        }

        @Override
        Errors backprop(Step step, double[] dh, double[] dc, double[] db) {
            int block = examples * units;
            double[] gates = step.gates;
            double[] dz = new double[4 * block];
            Errors errors = new Errors(dz, dz, block);
            for (int row = 0; row < examples; row++) {
                for (int j = 0; j < units; j++) {
                    int at = row * units + j;
                    int z = row * 4 * units + j;
                    double i = gates[at];
                    double f = gates[block + at];
                    double o = gates[2 * block + at];
                    double g = gates[3 * block + at];
                    double a = gates[4 * block + at];
                    double cells = dc[at] + dh[at] * o * (1 - a * a);
                    dz[z] = cells * g * (1 - i * i);
                    dz[z + units] = cells * step.cellsBefore[at] * f * (1 - f);
                    dz[z + 2 * units] = dh[at] * a * o * (1 - o);
                    dz[z + 3 * units] = cells * i * g * (1 - g);
                    errors.c[at] = cells * f;
                    for (int gate = 0; gate < 4; gate++) {
                        db[gate * units + j] += dz[z + gate * units];
                    }
                }
            }
            return errors;
        }
    }
}
