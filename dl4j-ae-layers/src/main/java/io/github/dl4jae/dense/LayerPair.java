package io.github.dl4jae.dense;

import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsampling1DLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.convolutional.FastUpsampling1DLayer;
import io.github.dl4jae.convolutional.FastUpsamplingLayer;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRepeatVectorLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * A stock layer and its fast equivalent.
 *
 * @param shared the class that declares the options of both
 */
record LayerPair(
        Class<? extends Layer> stock,
        Class<? extends Layer> fast,
        Class<? extends Layer> shared,
        Supplier<? extends Layer> newStock,
        Supplier<? extends Layer> newFast) {

    /** Values that builders require are placeholders. For layers that occur twice the first line counts. */
    private static final List<LayerPair> ALL = List.of(
            of(DenseLayer.class, FastDenseLayer.class, DenseLayer::new, () -> new FastDenseLayer(true, false, false)),
            new LayerPair(
                    OutputLayer.class,
                    FastOutputLayer.class,
                    BaseOutputLayer.class,
                    OutputLayer::new,
                    () -> new FastOutputLayer(true, false, false)),
            of(LossLayer.class, FastLossLayer.class, LossLayer::new, () -> new FastLossLayer.Builder(new LossMSE())
                    .build()),
            of(
                    ConvolutionLayer.class,
                    FastConvolutionLayer.class,
                    ConvolutionLayer::new,
                    () -> new FastConvolutionLayer.Builder().build()),
            of(
                    Deconvolution2D.class,
                    FastDeconvolutionLayer.class,
                    Deconvolution2D::new,
                    () -> new FastDeconvolutionLayer.Builder().build()),
            of(
                    Convolution1DLayer.class,
                    FastConvolution1DLayer.class,
                    Convolution1DLayer::new,
                    () -> new FastConvolution1DLayer.Builder(1).build()),
            new LayerPair(
                    Convolution1D.class,
                    FastConvolution1DLayer.class,
                    Convolution1DLayer.class,
                    Convolution1D::new,
                    () -> new FastConvolution1DLayer.Builder(1).build()),
            of(CnnLossLayer.class, FastCnnLossLayer.class, CnnLossLayer::new, () -> new FastCnnLossLayer.Builder(
                            new LossMSE())
                    .build()),
            of(
                    SubsamplingLayer.class,
                    FastSubsamplingLayer.class,
                    SubsamplingLayer::new,
                    () -> new FastSubsamplingLayer.Builder().build()),
            of(Upsampling2D.class, FastUpsamplingLayer.class, Upsampling2D::new, () -> new FastUpsamplingLayer.Builder(
                            1)
                    .build()),
            of(
                    Subsampling1DLayer.class,
                    FastSubsampling1DLayer.class,
                    Subsampling1DLayer::new,
                    () -> new FastSubsampling1DLayer.Builder().build()),
            of(
                    Upsampling1D.class,
                    FastUpsampling1DLayer.class,
                    Upsampling1D::new,
                    () -> new FastUpsampling1DLayer.Builder(1).build()),
            of(
                    BatchNormalization.class,
                    FastBatchNormalizationLayer.class,
                    BatchNormalization::new,
                    () -> new FastBatchNormalizationLayer.Builder().build()),
            of(
                    ActivationLayer.class,
                    FastActivationLayer.class,
                    ActivationLayer::new,
                    () -> new FastActivationLayer.Builder().build()),
            of(LSTM.class, FastLstmLayer.class, LSTM::new, () -> new FastLstmLayer.Builder().build()),
            of(
                    RepeatVector.class,
                    FastRepeatVectorLayer.class,
                    RepeatVector::new,
                    () -> new FastRepeatVectorLayer.Builder(1).build()),
            of(
                    RnnOutputLayer.class,
                    FastRnnOutputLayer.class,
                    RnnOutputLayer::new,
                    () -> new FastRnnOutputLayer.Builder(new LossMSE()).build()));

    /** Returns a pair whose fast layer extends the stock layer. */
    private static <S extends Layer> LayerPair of(
            Class<S> stock, Class<? extends S> fast, Supplier<S> newStock, Supplier<? extends S> newFast) {
        return new LayerPair(stock, fast, stock, newStock, newFast);
    }

    /** Returns the fast equivalent of a stock layer, with references to its options, or any other layer itself. */
    static Layer fast(Layer layer) {
        for (LayerPair pair : ALL) {
            if (layer.getClass() == pair.stock) {
                return withFieldsOf(layer, pair.shared, pair.newFast.get());
            }
        }
        return layer;
    }

    /** Returns the stock equivalent of a fast layer, with references to its options, or any other layer itself. */
    static Layer stock(Layer layer) {
        for (LayerPair pair : ALL) {
            if (layer.getClass() == pair.fast) {
                return withFieldsOf(layer, pair.shared, pair.newStock.get());
            }
        }
        return layer;
    }

    /** Copies every field that a class and its superclasses declare. */
    private static Layer withFieldsOf(Layer from, Class<? extends Layer> lowest, Layer to) {
        for (Class<?> type = lowest; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    try {
                        field.setAccessible(true);
                        field.set(to, field.get(from));
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException("FastLayers: " + field + " cannot be copied", e);
                    }
                }
            }
        }
        return to;
    }
}
