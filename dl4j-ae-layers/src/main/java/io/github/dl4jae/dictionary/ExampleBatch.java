package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A mini-batch of examples for a network of either kind. */
final class ExampleBatch {

    private final INDArray[] features;
    private final @Nullable INDArray @Nullable [] masks;
    private final INDArray @Nullable [] labels;
    private final @Nullable INDArray @Nullable [] labelMasks;

    private ExampleBatch(
            INDArray[] features,
            @Nullable INDArray @Nullable [] masks,
            INDArray @Nullable [] labels,
            @Nullable INDArray @Nullable [] labelMasks) {
        this.features = features;
        this.masks = masks;
        this.labels = labels;
        this.labelMasks = labelMasks;
    }

    INDArray[] features() {
        return features;
    }

    @Nullable
    INDArray @Nullable [] masks() {
        return masks;
    }

    static ExampleBatch of(INDArray examples, @Nullable INDArray mask) {
        return new ExampleBatch(new INDArray[] {examples}, array(mask), null, null);
    }

    static ExampleBatch of(DataSet data) {
        return new ExampleBatch(
                new INDArray[] {data.getFeatures()},
                array(data.getFeaturesMaskArray()),
                array(data.getLabels()),
                array(data.getLabelsMaskArray()));
    }

    static ExampleBatch of(MultiDataSet data) {
        return new ExampleBatch(
                data.getFeatures(), given(data.getFeaturesMaskArrays()), data.getLabels(), data.getLabelsMaskArrays());
    }

    private static INDArray @Nullable [] array(@Nullable INDArray single) {
        return single == null ? null : new INDArray[] {single};
    }

    private static @Nullable INDArray @Nullable [] given(@Nullable INDArray @Nullable [] masks) {
        if (masks != null) {
            for (INDArray mask : masks) {
                if (mask != null) {
                    return masks;
                }
            }
        }
        return null;
    }

    int examples() {
        return Math.toIntExact(features[0].size(0));
    }

    INDArray requireLabels(String subject, int output) {
        if (labels == null || labels.length <= output || labels[output] == null) {
            throw new IllegalArgumentException(subject + ": examples must have labels for output " + output
                    + " of the network, got none; pass an iterator with labels");
        }
        return labels[output];
    }

    @Nullable
    INDArray labelMask(int output) {
        return labelMasks == null || labelMasks.length <= output ? null : labelMasks[output];
    }
}
