package io.github.dl4jae.sparse;

import io.github.dl4jae.penalty.AbsoluteSparsityPenalty;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.penalty.SquaredSparsityPenalty;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

/** Networks around an {@link ActivityRegularizationLayer}. */
final class PenaltyNetworks {
    static Stream<ActivityPenalty> penalties() {
        return Stream.of(
                new KLSparsityPenalty(0.05, 3),
                new L1Penalty(0.3),
                new L2Penalty(0.3),
                new AbsoluteSparsityPenalty(0.05, 2),
                new SquaredSparsityPenalty(0.05, 2));
    }

    static ActivityRegularizationLayer layer(ActivityPenalty penalty) {
        return new ActivityRegularizationLayer.Builder().penalty(penalty).build();
    }

    /** Dense layers treat time steps as rows. With input types set, Deeplearning4j adds the preprocessors. */
    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp());
    }

    private PenaltyNetworks() {}
}
