package io.github.dl4jae.sparse;

import io.github.dl4jae.penalty.AbsoluteSparsityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.penalty.SquaredSparsityPenalty;
import io.github.dl4jae.testing.ActivationContract;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.PenaltyContract;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;

class SparseLayersContractTest {
    @Test
    void a() {
        LayerContract.verify(new TopKLayer.Builder().k(3).build());
    }

    @Test
    void b() {
        LayerContract.of(new TopKLayer.Builder().k(2).build())
                .input(InputType.convolutional(3, 3, 4))
                .verify();
    }

    @Test
    void c() {
        LayerContract.verify(new ActivityRegularizationLayer.Builder()
                .penalty(new KLSparsityPenalty(0.05, 3))
                .build());
    }

    @Test
    void d() {
        LayerContract.of(new ActivityRegularizationLayer.Builder()
                        .penalty(new L1Penalty(0.3))
                        .build())
                .input(InputType.convolutional(3, 3, 4))
                .verify();
    }

    @Test
    void e() {
        LayerContract.of(new ActivityRegularizationLayer.Builder()
                        .penalty(new L2Penalty(0.3))
                        .build())
                .input(InputType.recurrent(3, 4))
                .verify();
    }

    @Test
    void f() {
        ActivationContract.verify(new ActivationTopK(3));
        ActivationContract.verify(new ActivationTopK(2), 2, 5, 3);
        ActivationContract.verify(new ActivationTopK(2), 2, 5, 3, 2);
    }

    @Test
    void g() {
        PenaltyContract.verify(new KLSparsityPenalty(0.05, 3));
        PenaltyContract.verify(new L1Penalty(2));
        PenaltyContract.verify(new L2Penalty(2));
        PenaltyContract.verify(new AbsoluteSparsityPenalty(0.05, 2));
        PenaltyContract.verify(new SquaredSparsityPenalty(0.05, 2));
    }
}
