package io.github.dl4jae.examples.support;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.ExtraTreesTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Classifies by extremely randomized trees, which need no tuning, to compare selections of columns. Uses Tribuo. */
public final class ForestClassifier {

    private static final int TREES = 50;
    private static final float SMALLEST_LEAF = 1;

    /** Silences a message per tree. A strong reference, because loggers are garbage-collected with their level. */
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

    static {
        TRIBUO.setLevel(Level.WARNING);
    }

    private ForestClassifier() {}

    /**
     * Fits trees and returns their accuracy.
     *
     * @param train training rows, {@code [N, columns]}
     * @param trainLabels their classes
     * @param test test rows, {@code [M, columns]}
     * @param testLabels their classes
     * @param seed seed of the trees
     * @return the fraction of test rows whose class gets most votes of the trees
     */
    public static double accuracy(INDArray train, int[] trainLabels, INDArray test, int[] testLabels, long seed) {
        float columnsPerSplit = (float) (1 / Math.sqrt((double) train.size(1)));
        CARTClassificationTrainer tree = new CARTClassificationTrainer(
                Integer.MAX_VALUE, SMALLEST_LEAF, 0, columnsPerSplit, true, new GiniIndex(), seed);
        Model<Label> forest = new ExtraTreesTrainer<>(tree, new VotingCombiner(), TREES, seed)
                .train(new MutableDataset<>(
                        examples(train, trainLabels),
                        new SimpleDataSourceProvenance("selected columns", new LabelFactory()),
                        new LabelFactory()));
        int right = 0;
        for (Example<Label> example : examples(test, testLabels)) {
            right += forest.predict(example)
                            .getOutput()
                            .getLabel()
                            .equals(example.getOutput().getLabel())
                    ? 1
                    : 0;
        }
        return (double) right / testLabels.length;
    }

    private static List<Example<Label>> examples(INDArray rows, int[] labels) {
        String[] names = new String[(int) rows.size(1)];
        for (int j = 0; j < names.length; j++) {
            names[j] = "c" + j;
        }
        double[][] values = rows.toDoubleMatrix();
        List<Example<Label>> examples = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            examples.add(new ArrayExample<>(new Label(Integer.toString(labels[i])), names, values[i]));
        }
        return examples;
    }
}
