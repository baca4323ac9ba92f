package io.github.dl4jae.training;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A mini-batch of either kind. */
interface MiniBatch {

    /** Updates a network once; several times with truncated backpropagation through time. */
    void fit(NetworkAdapter network);

    /** Returns the mean score of the examples. */
    double score(NetworkAdapter network);

    INDArray[] features();

    INDArray @Nullable [] featureMasks();

    INDArray @Nullable [] labelMasks();

    default long examples() {
        return features()[0].size(0);
    }

    /** Returns a checksum of the features, by which a resumed run recognizes its data. */
    default long checksum() {
        CRC32 checksum = new CRC32();
        for (INDArray each : features()) {
            double[] values =
                    each.castTo(DataType.DOUBLE).dup('c').reshape(each.length()).toDoubleVector();
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
            for (double value : values) {
                bytes.putDouble(value);
            }
            checksum.update(bytes.flip());
        }
        return checksum.getValue();
    }

    /** A mini-batch with one array of features. */
    record Single(DataSet data) implements MiniBatch {

        @Override
        public void fit(NetworkAdapter network) {
            if (network.model() instanceof MultiLayerNetwork stack) {
                stack.fit(data);
            } else {
                ((ComputationGraph) network.model()).fit(data);
            }
        }

        @Override
        public double score(NetworkAdapter network) {
            return network.model() instanceof MultiLayerNetwork stack
                    ? stack.score(data)
                    : ((ComputationGraph) network.model()).score(data);
        }

        @Override
        public INDArray[] features() {
            return new INDArray[] {data.getFeatures()};
        }

        @Override
        public INDArray @Nullable [] featureMasks() {
            INDArray mask = data.getFeaturesMaskArray();
            return mask == null ? null : new INDArray[] {mask};
        }

        @Override
        public INDArray @Nullable [] labelMasks() {
            INDArray mask = data.getLabelsMaskArray();
            return mask == null ? null : new INDArray[] {mask};
        }
    }

    /** A mini-batch with any number of arrays. */
    record Multi(MultiDataSet data) implements MiniBatch {

        @Override
        public void fit(NetworkAdapter network) {
            if (network.model() instanceof MultiLayerNetwork stack) {
                stack.fit(data);
            } else {
                ((ComputationGraph) network.model()).fit(data);
            }
        }

        @Override
        public double score(NetworkAdapter network) {
            if (network.model() instanceof ComputationGraph graph) {
                return graph.score(data);
            }
            throw new IllegalArgumentException("Trainer: a MultiLayerNetwork must be scored on a DataSetIterator, got a"
                    + " MultiDataSetIterator; pass a DataSetIterator");
        }

        @Override
        public INDArray[] features() {
            return data.getFeatures();
        }

        @Override
        public INDArray @Nullable [] featureMasks() {
            return data.getFeaturesMaskArrays();
        }

        @Override
        public INDArray @Nullable [] labelMasks() {
            return data.getLabelsMaskArrays();
        }
    }
}
