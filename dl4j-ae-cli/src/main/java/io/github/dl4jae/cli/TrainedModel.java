package io.github.dl4jae.cli;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained autoencoder or anomaly detector, with the kind of data that it was fitted to: a table or images. */
interface TrainedModel {

    /**
     * Reads a model.
     *
     * @throws IllegalArgumentException if the file is refused, or has neither a table nor images
     */
    static TrainedModel load(Path file) {
        return of(file.toString(), ModelBundle.load(file));
    }

    /**
     * Adapts a bundle.
     *
     * @param source the start of error messages
     * @throws IllegalArgumentException if it has neither a table nor images
     */
    static TrainedModel of(String source, ModelBundle bundle) {
        if (AnomalyDetector.isIn(bundle)) {
            return new DetectorModel(source, bundle);
        }
        ImageShape shape = bundle.imageShape();
        return shape == null ? new TableModel(source, bundle) : new ImageModel(source, bundle, shape);
    }

    TrainedNetwork network();

    /** Returns the network with what belongs to it. */
    default ModelBundle bundle() {
        return network().bundle();
    }

    default INDArray encode(INDArray features) {
        return network().encode(features);
    }

    /** Returns the expected features, {@code [N, d]}, in place of the parameters of their distributions. */
    default INDArray reconstruct(INDArray features) {
        return network().reconstruct(features);
    }

    /** Returns new examples, {@code [N, d]}, for codes that are drawn from the prior. */
    INDArray generate(VariationalModel model, INDArray codes, long seed);

    /** Returns the name of an example: row or image. */
    String unit();

    /** Returns the name of the score of an example. */
    String scoreName();

    /** Returns the number of examples in memory at a time: as many as wanted, or fewer if they are large. */
    int batch(int wanted);

    /**
     * Opens examples that the model can take.
     *
     * @throws IllegalArgumentException if they are of another kind, or refused
     */
    Examples open(Console console, Source source, int batch);

    /**
     * Returns the place where examples are written.
     *
     * @param out the value of {@code --out}
     * @throws IllegalArgumentException if they cannot be written there
     */
    ExampleOutput output(Console console, Path out);
}
