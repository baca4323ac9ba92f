package io.github.dl4jae.examples.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is measured: steps of networks, and the reading of a table. Data is uniform noise, float32; training uses Adam
 * with a learning rate of 0.001.
 *
 * <p>{@code peer.py} has the same list for PyTorch.
 */
enum BenchCase {
    /** MLP_B128 with single examples: the cost of a step beside its products. */
    MLP_B1(Kind.MLP, 1, 0, 784, 512, 64, 512, 784),
    /** MLP_B128 with a small mini-batch. */
    MLP_B32(Kind.MLP, 32, 0, 784, 512, 64, 512, 784),
    /** ReLU layers, Bernoulli likelihood. */
    MLP_B128(Kind.MLP, 128, 0, 784, 512, 64, 512, 784),
    /** MLP_B128 with a large mini-batch, near the limit of the matrix products. */
    MLP_B1024(Kind.MLP, 1024, 0, 784, 512, 64, 512, 784),
    /** The deep autoencoder of Hinton and Salakhutdinov, with ReLU. */
    DEEP_B128(Kind.MLP, 128, 0, 784, 1000, 500, 250, 30, 250, 500, 1000, 784),
    /** A variational autoencoder with 20 latents, ReLU, Bernoulli likelihood. */
    VAE_B128(Kind.VAE, 128, 0, 784, 512, 20, 512, 784),
    /** A sigmoid code with a penalty on the norm of its Jacobian, Bernoulli likelihood. */
    CONTRACTIVE_B128(Kind.CONTRACTIVE, 128, 0, 784, 1000, 784),
    /** A k-sparse code, squared error. */
    KSPARSE_B128(Kind.TOP_K, 128, 25, 784, 1000, 784),
    /** A sparse dictionary of another network's activations. */
    SAE_512X8192_K32_B512(Kind.DICTIONARY, 512, 32, 512, 8192, 512),
    /** The same with JumpReLU, whose number of active units falls during training; PyTorch's is dense. */
    JUMPRELU_512X8192_B512(Kind.DICTIONARY, 512, 0, 512, 8192, 512),
    /** A concrete autoencoder: 100 selectors on 10,000 features, linear decoder, squared error. */
    CONCRETE_10000_K100_B256(Kind.CONCRETE, 256, 0, 10_000, 100, 10_000),
    /** Convolutions to 16 and 32 channels, a dense code of 64, and back by transposed convolutions. */
    CONV_B128(Kind.CONV, 128, 0, 784, 64, 784),
    /** CONV_B128 with a variational code. */
    CONV_VAE_B128(Kind.CONV_VAE, 128, 0, 784, 64, 784),
    /** LSTM 64 over 50 steps of 8 values, its last output repeated, LSTM 64, linear, squared error. */
    LSTM_B64_T50(Kind.LSTM, 64, 0, 400, 64, 400),
    /** Sequences of 30 symbols of an alphabet of 40: LSTM 128, its last output repeated, LSTM 128, softmax. */
    SEQ2SEQ_B64(Kind.SEQ2SEQ, 64, 0, 1200, 128, 1200),
    /** Encoding of 60,000 examples with the network of MLP_B128, through {@code Autoencoder}, in batches of 1000. */
    ENCODE_60000(Kind.ENCODE, 1000, 0, 784, 512, 64, 512, 784),
    /** Latency of encoding a single example, likewise. */
    ENCODE_1(Kind.ENCODE_ROW, 1, 0, 784, 512, 64, 512, 784),
    /** Latency of the same network's {@code output} for a single example. */
    OUTPUT_1(Kind.OUTPUT_ROW, 1, 0, 784, 512, 64, 512, 784),
    /** Reading of a table of a million rows of 20 numbers; stock is DataVec's reader. */
    READ_1000000X20(Kind.READ, 1_000_000, 0, 20);

    /** The type of network. */
    enum Kind {
        MLP,
        VAE,
        CONTRACTIVE,
        TOP_K,
        DICTIONARY,
        CONCRETE,
        CONV,
        CONV_VAE,
        LSTM,
        SEQ2SEQ,
        ENCODE,
        ENCODE_ROW,
        OUTPUT_ROW,
        READ
    }

    final Kind kind;
    final int batch;
    final int k;

    @SuppressWarnings("ImmutableEnumChecker") // never written
    final int[] sizes;

    BenchCase(Kind kind, int batch, int k, int... sizes) {
        this.kind = kind;
        this.batch = batch;
        this.k = k;
        this.sizes = sizes;
    }

    /** Returns the name on the command line and in tables. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether a step is so short that its time is reported in microseconds. */
    boolean isLatency() {
        return kind == Kind.ENCODE_ROW || kind == Kind.OUTPUT_ROW;
    }

    static BenchCase named(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bench: a case must be one of "
                        + Arrays.stream(values()).map(BenchCase::label).collect(Collectors.joining(", ")) + ", got "
                        + label + "; leave --cases out for all"));
    }

    /** Returns the multiplications and additions of the dense products of a step; zeros count. */
    long operations() {
        if (kind == Kind.READ) {
            return 0;
        } else if (kind == Kind.ENCODE || isLatency()) {
            int layers = kind == Kind.OUTPUT_ROW ? sizes.length - 1 : BenchSteps.CODE_LAYER + 1;
            long examples = kind == Kind.ENCODE ? BenchSteps.EXAMPLES : 1;
            return examples
                    * IntStream.rangeClosed(1, layers)
                            .mapToLong(i -> 2L * sizes[i - 1] * sizes[i])
                            .sum();
        } else if (kind == Kind.CONV || kind == Kind.CONV_VAE) {
            long code = kind == Kind.CONV_VAE ? 128 : 64;
            // kernels of 3×3 to 14×14×16 and 7×7×32, the code and back, kernels of 4×4 from 7×7×32 and 14×14×16
            long[] products = {196 * 9 * 16, 49 * 144 * 32, 1568 * code, 64 * 1568, 49 * 256 * 32, 196 * 16 * 16};
            return 2L * batch * (3 * Arrays.stream(products).sum() - products[0]);
        } else if (kind == Kind.LSTM || kind == Kind.SEQ2SEQ) {
            RecurrentNetworks.Size size = RecurrentNetworks.size(kind);
            long features = size.features();
            long units = size.units();
            // four gates in each of two LSTMs, and the output
            long perStep = 4 * units * (features + 3 * units) + units * features;
            return 2L * batch * size.steps() * (3 * perStep - 4 * units * features);
        }
        long weights = 0;
        for (int i = 1; i < sizes.length; i++) {
            int heads = kind == Kind.VAE && i == 2 ? 2 : 1; // mean and log variance
            weights += (long) heads * sizes[i - 1] * sizes[i];
        }
        // forward and backprop: three products per layer, but no input gradient in the first
        return 2L * batch * (3 * weights - (long) sizes[0] * sizes[1]);
    }
}
