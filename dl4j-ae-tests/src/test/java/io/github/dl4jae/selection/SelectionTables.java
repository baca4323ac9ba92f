package io.github.dl4jae.selection;

import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tables for tests of feature selection. */
final class SelectionTables {
    static Stream<FeatureSelector> selectors() {
        return Stream.of(
                new GreedyColumnSelection(),
                new PcaLoadings(),
                new VarianceSelection(),
                new RandomSelection(1),
                new LaplacianScore(3),
                new PrincipalFeatureAnalysis(1),
                new ConcreteSelection.Builder().steps(20).batch(16).build());
    }

    /** Returns a table of correlated columns. */
    static INDArray examples(int n, int d) {
        Nd4j.getRandom().setSeed(4);
        return Nd4j.randn(DataType.DOUBLE, n, d).mmul(Nd4j.randn(DataType.DOUBLE, d, d));
    }

    private SelectionTables() {}
}
