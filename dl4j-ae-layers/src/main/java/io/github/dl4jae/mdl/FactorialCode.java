package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.FrequencyTable;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Real streams of the codes of a {@link FactorialVectorQuantizer}, to the quantum t of its data.
 *
 * <pre>
 * two-part:    push k with N(Σ_g v_{g,s_g}, σ²)      push s with π            s: the best code
 * stochastic:  pop s with q(s|x)      push k      push s with π               x = k·t
 * </pre>
 *
 * <p>{@link CodedExamples#ledger()} adds up to the length of the stream. It is that of {@link
 * FactorialVectorQuantizer#describeTwoPart} and {@link FactorialVectorQuantizer#describe} up to the container, to the
 * rounding of x, and to the density, which the ledger of the quantizer takes as constant over a quantum.
 *
 * <p>Numbers beyond 8 deviations cost 32 bits more, and none may exceed 2³¹ quanta. The receiver needs the same
 * quantizer. Immutable.
 */
public final class FactorialCode {

    private static final String SUBJECT = "FactorialCode";
    private static final String KIND = "factorial";
    private static final int NUMBERS = 3; // of the header
    private static final int PRECISION = 24;
    private static final long SEED = 1993; // of the first bits, a constant of the format
    private static final int MOST_ROWS = 1 << 20;

    private final FactorialModel model;
    private final boolean stochastic;
    private final FrequencyTable[] prior;

    private FactorialCode(FactorialVectorQuantizer quantizer, boolean stochastic) {
        Require.given(SUBJECT, "quantizer", quantizer, "fit a FactorialVectorQuantizer");
        this.model = quantizer.model();
        this.stochastic = stochastic;
        this.prior = Arrays.stream(model.prior())
                .map(group -> FrequencyTable.of(group, PRECISION))
                .toArray(FrequencyTable[]::new);
    }

    /**
     * Returns the code whose choice of vectors gives bits back.
     *
     * @param quantizer a fitted quantizer
     * @return the stochastic code
     */
    public static FactorialCode stochastic(FactorialVectorQuantizer quantizer) {
        return new FactorialCode(quantizer, true);
    }

    /**
     * Returns the code that transmits the best vectors, and then what is left.
     *
     * @param quantizer a fitted quantizer
     * @return the two-part code
     */
    public static FactorialCode twoPart(FactorialVectorQuantizer quantizer) {
        return new FactorialCode(quantizer, false);
    }

    private AnsStack beginning() {
        return stochastic ? AnsStack.seeded(prior.length * PRECISION / 32 + 2, SEED) : AnsStack.empty();
    }

    /**
     * Compresses rows.
     *
     * @param data x, {@code [N, d]}, rounded to multiples of the quantum
     * @return the stream and its ledger
     * @throws IllegalArgumentException if the columns are not those of the quantizer, or a value exceeds 2³¹ quanta
     */
    public CodedExamples compress(INDArray data) {
        double[][] rows = FactorialVectorQuantizer.rows(model, data);
        AnsStack stack = beginning();
        double seedBits = stack.bits();
        ResidualCoder residuals = new ResidualCoder(model.quantum(), Math.sqrt(model.variance()));
        StackStream.Checksum checksum = new StackStream.Checksum();
        double codes = 0;
        double bitsBack = 0;
        for (double[] row : rows) {
            int[] k = quanta(row);
            checksum.add(k);
            double[][] q = choices(values(k));
            int[] s = new int[prior.length];
            for (int g = 0; g < s.length; g++) {
                FrequencyTable table = FrequencyTable.of(q[g], PRECISION);
                s[g] = stochastic ? table.pop(stack) : mostProbable(q[g]);
                bitsBack += stochastic ? table.bits(s[g]) : 0;
            }
            double[] mean = model.mean(oneHot(s));
            for (int j = k.length - 1; j >= 0; j--) {
                residuals.push(stack, k[j], mean[j]);
            }
            for (int g = s.length - 1; g >= 0; g--) {
                prior[g].push(stack, s[g]);
                codes += prior[g].bits(s[g]);
            }
        }
        int[] numbers = {stochastic ? 1 : 0, rows.length, model.features()};
        byte[] bytes = StackStream.write(KIND, checksum, numbers, stack);
        double overhead = seedBits + 8.0 * bytes.length - stack.bits();
        DescriptionLength ledger = new DescriptionLength(codes, residuals.bits(), bitsBack, 0, overhead);
        return new CodedExamples(bytes, rows.length, model.features(), ledger, seedBits);
    }

    /**
     * Decompresses a stream.
     *
     * @param bytes the stream
     * @return k·t, {@code [N, d]}, float64, a new array
     * @throws DL4JInvalidInputException if the stream is damaged, or of another quantizer or code
     */
    public INDArray decompress(byte[] bytes) {
        StackStream stream = StackStream.parse(SUBJECT, KIND, bytes, NUMBERS, NUMBERS);
        stream.require(
                stream.number(0) == (stochastic ? 1 : 0),
                "the stream must be of the " + (stochastic ? "stochastic" : "two-part") + " code",
                "the other");
        int count = stream.number(1);
        stream.require(count >= 1 && count <= MOST_ROWS, "the stream must have 1 to " + MOST_ROWS + " rows", count);
        stream.require(
                stream.number(2) == model.features(),
                "rows must have " + model.features() + " columns, as the quantizer",
                stream.number(2));
        AnsStack stack = stream.stack();
        ResidualCoder residuals = new ResidualCoder(model.quantum(), Math.sqrt(model.variance()));
        double[][] data = stream.examples(count, stack, beginning(), row -> pop(stack, residuals)).stream()
                .map(this::values)
                .toArray(double[][]::new);
        return Nd4j.createFromArray(data);
    }

    private int[] pop(AnsStack stack, ResidualCoder residuals) {
        int[] s = new int[prior.length];
        for (int g = 0; g < s.length; g++) {
            s[g] = prior[g].pop(stack);
        }
        double[] mean = model.mean(oneHot(s));
        int[] k = new int[mean.length];
        for (int j = 0; j < k.length; j++) {
            k[j] = residuals.pop(stack, mean[j]);
        }
        if (stochastic) {
            double[][] q = choices(values(k));
            for (int g = s.length - 1; g >= 0; g--) {
                FrequencyTable.of(q[g], PRECISION).push(stack, s[g]);
            }
        }
        return k;
    }

    /** Returns q(s|x), or the best code as a one-hot q. */
    private double[][] choices(double[] x) {
        return stochastic ? model.posterior(x) : model.bestCode(x);
    }

    private static int mostProbable(double[] q) {
        int best = 0;
        for (int i = 1; i < q.length; i++) {
            best = q[i] > q[best] ? i : best;
        }
        return best;
    }

    private double[][] oneHot(int[] s) {
        double[][] q = new double[s.length][];
        Arrays.setAll(q, g -> new double[prior[g].size()]);
        for (int g = 0; g < s.length; g++) {
            q[g][s[g]] = 1;
        }
        return q;
    }

    private int[] quanta(double[] row) {
        int[] k = new int[row.length];
        for (int j = 0; j < k.length; j++) {
            double rounded = Math.rint(row[j] / model.quantum());
            Require.that(
                    Math.abs(rounded) <= Integer.MAX_VALUE,
                    SUBJECT,
                    "values must be at most 2^31 quanta of " + model.quantum(),
                    row[j],
                    "fit with a larger quantum");
            k[j] = (int) rounded;
        }
        return k;
    }

    private double[] values(int[] k) {
        return Arrays.stream(k).mapToDouble(each -> each * model.quantum()).toArray();
    }
}
