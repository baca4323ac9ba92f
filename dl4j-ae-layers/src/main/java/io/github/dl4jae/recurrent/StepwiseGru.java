package io.github.dl4jae.recurrent;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link FastGruLayer} by ND4J's operations: the formulas of its documentation. */
final class StepwiseGru extends StepwisePasses<StepwiseGru.Step> {

    private final IActivation activation;
    private final IActivation gate;

    StepwiseGru(int units, IActivation activation, IActivation gate) {
        super(units);
        this.activation = activation;
        this.gate = gate;
    }

    /** The arrays named z are those before activation; p is the recurrent product, which r scales. */
    record Step(INDArray zr, INDArray zu, INDArray zn, INDArray r, INDArray u, INDArray n, INDArray p, INDArray h) {}

    @Override
    Step compute(INDArray x, State before, Parameters parameters) {
        INDArray xW = x.mmul(parameters.W()); // [B,n]·[n,3h] → [B,3h]
        INDArray hR = before.h().mmul(parameters.R()); // [B,h]·[h,3h] → [B,3h]
        INDArray b = parameters.b();
        INDArray zr = block(xW, 0).add(block(hR, 0)).addiRowVector(block(b, 0));
        INDArray zu = block(xW, 1).add(block(hR, 1)).addiRowVector(block(b, 1));
        INDArray r = activate(gate, zr);
        INDArray u = activate(gate, zu);
        INDArray p = block(hR, 2).addRowVector(block(b, 3));
        INDArray zn = block(xW, 2).addRowVector(block(b, 2)).addi(r.mul(p));
        INDArray n = activate(activation, zn);
        return new Step(zr, zu, zn, r, u, n, p, n.add(u.mul(before.h().sub(n))));
    }

    @Override
    State after(Step step) {
        return new State(step.h(), step.h());
    }

    @Override
    Errors backprop(Step step, State before, INDArray dh, INDArray dc) {
        INDArray dn = backprop(activation, step.zn(), dh.sub(dh.mul(step.u())));
        INDArray du = backprop(gate, step.zu(), dh.mul(before.h().sub(step.n())));
        INDArray dr = backprop(gate, step.zr(), dn.mul(step.p()));
        INDArray dp = dn.mul(step.r());
        return new Errors(
                Nd4j.hstack(dr, du, dn), Nd4j.hstack(dr, du, dp), Nd4j.hstack(dr, du, dn, dp), dh.mul(step.u()), dc);
    }
}
