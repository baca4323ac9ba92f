package io.github.dl4jae.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.StopReason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdversarialAutoencoderTest {

    private static final AdversarialMode PLAIN = new AdversarialMode.Unsupervised(2);

    private final INDArray examples = SmallNetworks.examples(300);

    private static AdversarialAutoencoder.Builder builder(MultiLayerNetwork encoder, MultiLayerNetwork decoder) {
        return new AdversarialAutoencoder.Builder(encoder, decoder)
                .mode(PLAIN)
                .discriminator(SmallNetworks.discriminator(2))
                .batch(50)
                .weight(1)
                .seed(5);
    }

    private static AdversarialAutoencoder.Builder plain() {
        return builder(SmallNetworks.encoder(2), SmallNetworks.decoder(2));
    }

    private static double deviation(INDArray codes) {
        return codes.stdNumber().doubleValue();
    }

    @Tag("slow")
    @Test
    void fit_ofPlainCodes_reconstructs_andMatchesThePriorsMoments() {
        AdversarialResult result = plain().posterior(new CodePosterior.Noisy(0.2))
                .epochs(60)
                .build()
                .fit(examples);

        INDArray codes = result.model().drawCodes(examples, 1);
        assertThat(result.losses().get(59).reconstruction())
                .isLessThan(0.3 * result.losses().get(0).reconstruction());
        assertThat(codes.mean(0).toDoubleVector()).containsExactly(new double[] {0, 0}, within(0.25));
        assertThat(deviation(codes)).isCloseTo(1, within(0.2));
        assertThat(result.model().sample(4, 1).shape()).containsExactly(4, SmallNetworks.FEATURES);
    }

    @Tag("slow")
    @Test
    void fit_withoutAdversarialWeight_leavesThePriorAlone() {
        INDArray codes =
                plain().weight(0).epochs(60).build().fit(examples).model().encode(examples);

        assertThat(Math.abs(deviation(codes) - 1)).isGreaterThan(0.3);
    }

    @Test
    void fit_ofAGraph_equalsThatOfAStack() {
        INDArray ofStack = plain().epochs(3).build().fit(examples).model().encode(examples);
        AdversarialAutoencoder.Builder graph = new AdversarialAutoencoder.Builder(
                        SmallNetworks.graphEncoder(2), SmallNetworks.decoder(2))
                .mode(PLAIN)
                .discriminator(SmallNetworks.discriminator(2))
                .batch(50)
                .weight(1)
                .seed(5);

        INDArray ofGraph = graph.epochs(3).build().fit(examples).model().encode(examples);

        assertThat(ofGraph).isEqualTo(ofStack);
    }

    @Tag("slow")
    @Test
    void fit_withLabelsOfSixExamples_classifiesTheOthers() {
        int[] labels = new int[300];
        Arrays.setAll(labels, i -> i < 6 ? i % 3 : -1);

        AdversarialModel model = new AdversarialAutoencoder.Builder(
                        SmallNetworks.normalizedEncoder(5), SmallNetworks.decoder(5))
                .discriminator(SmallNetworks.discriminator(2))
                .categoryDiscriminator(SmallNetworks.discriminator(3))
                .mode(new AdversarialMode.SemiSupervised(3, 2))
                .batch(50)
                .weight(1)
                .categoryWeight(2)
                .epochs(40)
                .build()
                .fit(examples, labels)
                .model();

        assertThat(agreement(model, new int[] {0, 1, 2})).isGreaterThan(0.95);
    }

    /** Returns the share of examples whose most likely category is that of their class. */
    private double agreement(AdversarialModel model, int[] categoryOfClass) {
        int[] categories = model.categories(examples).argMax(1).toIntVector();
        return IntStream.range(0, 300)
                        .filter(i -> categories[i] == categoryOfClass[i % 3])
                        .count()
                / 300.0;
    }

    @Tag("slow")
    @Test
    void fit_ofClusters_findsTheClasses() {
        AdversarialModel model = new AdversarialAutoencoder.Builder(
                        SmallNetworks.normalizedEncoder(4), SmallNetworks.decoder(4))
                .mode(new AdversarialMode.Clustering(3, 1))
                .batch(50)
                .weight(0.3)
                .categoryWeight(0.3)
                .epochs(40)
                .seed(1)
                .build()
                .fit(examples)
                .model();

        int[] ofThree = model.categories(examples).argMax(1).toIntVector();
        assertThat(Arrays.stream(ofThree, 0, 3).distinct()).hasSize(3);
        assertThat(agreement(model, Arrays.copyOf(ofThree, 3))).isGreaterThan(0.95);
    }

    private static AdversarialAutoencoder.Builder resumable(MultiLayerNetwork encoder, Path file) {
        return builder(encoder, SmallNetworks.decoder(2))
                .posterior(new CodePosterior.Noisy(0.1))
                .checkpoint(file)
                .epochs(4);
    }

    @Test
    void fit_stoppedAndResumed_equalsAnUninterruptedTraining(@TempDir Path folder) {
        MultiLayerNetwork whole = SmallNetworks.encoder(2);
        AdversarialResult expected =
                resumable(whole, folder.resolve("whole.zip")).build().fit(examples);
        AdversarialAutoencoder[] trainer = new AdversarialAutoencoder[1];
        ProgressListener stopper = new ProgressListener() {
            @Override
            public void stepDone(int epoch, long step, double score) {
                if (step == 9) { // within the second epoch
                    trainer[0].stop();
                }
            }
        };
        trainer[0] = resumable(SmallNetworks.encoder(2), folder.resolve("part.zip"))
                .listener(stopper)
                .build();
        AdversarialResult first = trainer[0].fit(examples);
        MultiLayerNetwork resumed = SmallNetworks.encoder(2);

        AdversarialResult second =
                resumable(resumed, folder.resolve("part.zip")).build().fit(examples);

        assertThat(first.reason()).isEqualTo(StopReason.STOPPED);
        assertThat(first.steps()).isEqualTo(9);
        assertThat(resumed.params()).isEqualTo(whole.params());
        assertThat(second.losses()).isEqualTo(expected.losses());
        assertThat(second.steps()).isEqualTo(24);
    }

    @Test
    void checkpoint_ofOtherOptionsOrData_isRefused(@TempDir Path folder) {
        Path file = folder.resolve("training.zip");
        resumable(SmallNetworks.encoder(2), file).epochs(1).build().fit(examples);

        assertThatThrownBy(() -> resumable(SmallNetworks.encoder(2), file)
                        .weight(2)
                        .build()
                        .fit(examples))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight 1.0 there, 2.0 here");
        assertThatThrownBy(() -> resumable(SmallNetworks.encoder(2), file)
                        .build()
                        .fit(SmallNetworks.examples(300).addi(1)))
                .hasMessageContaining("examples must be those of the checkpoint");
    }

    @Test
    void networks_thatDoNotFit_areRefusedByName() {
        assertThatThrownBy(() -> builder(SmallNetworks.encoder(3), SmallNetworks.decoder(2))
                        .epochs(1)
                        .build()
                        .fit(examples))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("encoder must have 2 outputs");
        assertThatThrownBy(() -> builder(SmallNetworks.decoder(2), SmallNetworks.decoder(2))
                        .epochs(1)
                        .build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("encoder must not end in an output layer");
        assertThatThrownBy(() -> builder(SmallNetworks.encoder(2), SmallNetworks.encoder(2))
                        .epochs(1)
                        .build())
                .hasMessageContaining("decoder must end in an output layer");
        assertThatThrownBy(() -> plain().discriminator(SmallNetworks.encoder(1))
                        .epochs(1)
                        .build())
                .hasMessageContaining("discriminator must accept shape [2, 2]");
    }

    @Test
    void labels_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> plain().epochs(1).build().fit(examples, new int[300]))
                .hasMessageContaining("labels need the mode SemiSupervised");
        AdversarialAutoencoder.Builder semi = new AdversarialAutoencoder.Builder(
                        SmallNetworks.encoder(4), SmallNetworks.decoder(4))
                .mode(new AdversarialMode.SemiSupervised(3, 1))
                .epochs(1);
        assertThatThrownBy(() -> semi.build().fit(examples)).hasMessageContaining("needs labels");
        assertThatThrownBy(() -> semi.build().fit(examples, new int[7])).hasMessageContaining("7 for 300 examples");
        int[] none = new int[300];
        Arrays.fill(none, -1);
        assertThatThrownBy(() -> semi.build().fit(examples, none)).hasMessageContaining("at least one example");
        int[] wrong = new int[300];
        wrong[3] = 3;
        assertThatThrownBy(() -> semi.build().fit(examples, wrong)).hasMessageContaining("[0, 2]");
    }

    @Test
    void examples_thatAreNotFinite_areRefused() {
        INDArray broken = examples.dup();
        broken.putScalar(7, 2, Float.NaN);

        assertThatThrownBy(() -> plain().epochs(1).build().fit(broken)).isInstanceOf(DL4JInvalidInputException.class);
    }

    @Test
    void trainer_isRequiredToHaveModeAndEpochs_andFitsOnce() {
        assertThatThrownBy(() -> plain().build()).hasMessageContaining("epochs must be at least 1");
        assertThatThrownBy(() -> new AdversarialAutoencoder.Builder(SmallNetworks.encoder(2), SmallNetworks.decoder(2))
                        .epochs(1)
                        .build())
                .hasMessageContaining("mode must be given");
        AdversarialAutoencoder trainer = plain().epochs(1).build();
        trainer.fit(examples);
        assertThatThrownBy(() -> trainer.fit(examples)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void parameters_thatBecomeInfinite_endTraining() {
        MultiLayerNetwork encoder = SmallNetworks.encoder(2);
        encoder.params().putScalar(0, Float.POSITIVE_INFINITY);

        assertThatThrownBy(() -> builder(encoder, SmallNetworks.decoder(2))
                        .epochs(1)
                        .build()
                        .fit(examples))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("training must stay finite");
    }

    @Test
    void codesAndSamples_areCopiesAndRepeatable() {
        AdversarialModel model = plain().epochs(1).build().fit(examples).model();

        assertThat(model.sampleCodes(5, 3)).isEqualTo(model.sampleCodes(5, 3));
        assertThat(model.sampleCodes(5, 3)).isNotEqualTo(model.sampleCodes(5, 4));
        assertThat(model.reconstruct(examples)).isEqualTo(model.decode(model.encode(examples)));
        assertThat(model.latents(examples)).isEqualTo(model.encode(examples));
        assertThatThrownBy(() -> model.categories(examples)).hasMessageContaining("must have categories");
        assertThatThrownBy(() -> model.decode(Nd4j.zeros(1, 3))).hasMessageContaining("codes must have shape [N, 2]");
    }
}
