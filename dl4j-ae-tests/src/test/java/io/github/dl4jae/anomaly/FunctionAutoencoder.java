package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An autoencoder of two functions, whose codes and reconstructions are known. */
record FunctionAutoencoder(UnaryOperator<INDArray> encoder, UnaryOperator<INDArray> decoder) implements Autoencoder {

    /** Returns an autoencoder whose codes are the examples, and whose reconstructions are zeros: r = x. */
    static FunctionAutoencoder zeros() {
        return new FunctionAutoencoder(INDArray::dup, codes -> codes.mul(0));
    }

    /** Returns an autoencoder whose codes are the examples, each reconstructed. */
    static FunctionAutoencoder identity() {
        return new FunctionAutoencoder(INDArray::dup, INDArray::dup);
    }

    /** Returns an autoencoder whose codes are the examples. */
    static FunctionAutoencoder decoding(UnaryOperator<INDArray> decoder) {
        return new FunctionAutoencoder(INDArray::dup, decoder);
    }

    @Override
    public INDArray encode(INDArray examples) {
        return encoder.apply(examples);
    }

    @Override
    public INDArray decode(INDArray codes) {
        return decoder.apply(codes);
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return decode(encode(examples));
    }
}
