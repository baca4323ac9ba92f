package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.testing.StockLayers;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The score and the attribution of an example are the same bit for bit alone and among others. */
@Tag("slow")
class RowIndependenceTest {

    private record Family(String name, Autoencoder autoencoder, List<Long> shape) {
        INDArray examples(int n) {
            long[] all = LongStream.concat(LongStream.of(n), shape.stream().mapToLong(Long::longValue))
                    .toArray();
            Nd4j.getRandom().setSeed(n);
            return Nd4j.rand(DataType.FLOAT, all);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(7).activation(Activation.TANH);
    }

    private static FastDenseLayer.Builder dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out).activation(Activation.TANH);
    }

    /** 45, 33 and 7 are no multiples of the widths of vectors. */
    private static Family rows() {
        return new Family(
                "rows",
                Autoencoders.of(
                        Networks.initialized(base().list()
                                .layer(dense(45, 33).build())
                                .layer(dense(33, 7).name("code").build())
                                .layer(dense(7, 33).build())
                                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                                        .nIn(33)
                                        .nOut(45)
                                        .activation(Activation.SIGMOID)
                                        .build())),
                        "code"),
                List.of(45L));
    }

    private static OutputLayer output(int size) {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(size)
                .activation(Activation.SIGMOID)
                .build();
    }

    private static Family stock() {
        return new Family(
                "stock layers",
                Autoencoders.of(
                        Networks.initialized(base().list()
                                .layer(new DenseLayer.Builder().nOut(33).build())
                                .layer(new DenseLayer.Builder()
                                        .name("code")
                                        .nOut(7)
                                        .build())
                                .layer(new BatchNormalization())
                                .layer(output(45))
                                .setInputType(InputType.feedForward(45))),
                        "code"),
                List.of(45L));
    }

    private static Family images() {
        return new Family(
                "images",
                Autoencoders.of(
                        Networks.initialized(base().list()
                                .layer(new ConvolutionLayer.Builder(3, 3)
                                        .nOut(5)
                                        .build())
                                .layer(new DenseLayer.Builder()
                                        .name("code")
                                        .nOut(7)
                                        .build())
                                .layer(output(49))
                                .setInputType(InputType.convolutional(7, 7, 1))),
                        "code"),
                List.of(1L, 7L, 7L));
    }

    private static Family sequences() {
        return new Family(
                "sequences",
                Autoencoders.of(
                        Networks.initialized(base().list()
                                .layer(new LSTM.Builder().nOut(9).build())
                                .layer(new DenseLayer.Builder()
                                        .name("code")
                                        .nOut(5)
                                        .build())
                                .layer(new LSTM.Builder().nOut(9).build())
                                .layer(StockLayers.sequenceOutput(new LossMSE(), 3, Activation.TANH))
                                .setInputType(InputType.recurrent(3, 6))),
                        "code"),
                List.of(3L, 6L));
    }

    private static Stream<Arguments> with(Family family, int n) {
        INDArray normal = family.examples(70);
        List<BiFunction<Autoencoder, INDArray, AnomalyScore>> fits = List.of(
                (autoencoder, x) -> SquaredErrorScore.of(autoencoder),
                StandardizedErrorScore::fit,
                ResidualMahalanobisScore::fit,
                LatentMahalanobisScore::fit,
                (autoencoder, x) -> LatentNeighborScore.fit(autoencoder, x, 5));
        return fits.stream().map(fit -> {
            AnomalyScore score = fit.apply(family.autoencoder, normal);
            return Arguments.of(family, Named.of(score.name(), score), family.examples(n));
        });
    }

    static Stream<Arguments> scores() {
        return Stream.of(with(rows(), 37), with(stock(), 37), with(images(), 19), with(sequences(), 19))
                .flatMap(each -> each);
    }

    private static INDArray part(INDArray x, int from, int to) {
        return x.get(NDArrayIndex.interval(from, to));
    }

    @ParameterizedTest
    @MethodSource("scores")
    void score_isTheSameAloneAndAmongOthers(Family family, AnomalyScore score, INDArray x) {
        double[] scores = score.score(x);

        assertThat(family.name).isNotEmpty();
        assertThat(scores).doesNotHaveDuplicates().doesNotContain(Double.POSITIVE_INFINITY);
        for (int i = 0; i < scores.length; i++) {
            assertThat(score.score(part(x, i, i + 1))).containsExactly(scores[i]);
            assertThat(score.score(part(x, i / 2, i + 1))).endsWith(scores[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void attribution_isTheSameAloneAndAmongOthers(Family family, AnomalyScore score, INDArray x) {
        int n = (int) x.size(0);
        INDArray parts = score.attribution(x);

        assertThat(parts.shape()).as(family.name).isEqualTo(x.shape());
        for (int i = 0; i < n; i += 6) {
            assertThat(score.attribution(part(x, i, i + 1)).data().asFloat())
                    .isEqualTo(part(parts, i, i + 1).dup('c').data().asFloat());
        }
    }
}
