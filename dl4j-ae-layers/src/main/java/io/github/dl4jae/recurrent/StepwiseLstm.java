package io.github.dl4jae.recurrent;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link FastLstmLayer} by ND4J's operations: the formulas of its documentation. */
final class StepwiseLstm extends StepwisePasses<StepwiseLstm.Step> {

    private final IActivation activation;
    private final IActivation gate;

    StepwiseLstm(int units, IActivation activation, IActivation gate) {
        super(units);
        this.activation = activation;
        this.gate = gate;
    }

    /** The products z with the bias, before activation; a is act(c). */
    record Step(INDArray z, INDArray i, INDArray f, INDArray o, INDArray g, INDArray c, INDArray a) {}

    @Override
    Step compute(INDArray x, State before, Parameters parameters) {
        INDArray z = x.mmul(parameters.W()) // [B,n]·[n,4h] → [B,4h]
                .addi(before.h().mmul(parameters.R()))
                .addiRowVector(parameters.b());
        INDArray i = activate(activation, block(z, 0));
        INDArray f = activate(gate, block(z, 1));
        INDArray o = activate(gate, block(z, 2));
        INDArray g = activate(gate, block(z, 3));
        INDArray c = f.mul(before.c()).addi(g.mul(i));
        return new Step(z, i, f, o, g, c, activate(activation, c));
    }

    @Override
    State after(Step step) {
        return new State(step.o().mul(step.a()), step.c());
    }

    @Override
    Errors backprop(Step step, State before, INDArray dh, INDArray dc) {
        INDArray cells = dc.add(backprop(activation, step.c(), dh.mul(step.o())));
        INDArray dz = Nd4j.hstack(
                backprop(activation, block(step.z(), 0), cells.mul(step.g())),
                backprop(gate, block(step.z(), 1), cells.mul(before.c())),
                backprop(gate, block(step.z(), 2), dh.mul(step.a())),
                backprop(gate, block(step.z(), 3), cells.mul(step.i())));
        return new Errors(dz, dz, dz, dh.mul(0), cells.mul(step.f()));
    }
}
