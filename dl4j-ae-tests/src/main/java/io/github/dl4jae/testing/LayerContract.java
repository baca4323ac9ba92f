package io.github.dl4jae.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.Activation;

/**
 * Checks every property that a network requires of a layer.
 *
 * <pre>{@code
 * LayerContract.verify(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build());
 * LayerContract.of(new LSTM.Builder().nOut(4).build()).input(InputType.recurrent(5, 4)).verify();
 * }</pre>
 *
 * <p>The contract puts the layer between a stock layer and a stock output layer (an output layer comes last) in small
 * float64 networks, and checks every {@link Clause}. The data are random and the same in every run. Sizes follow from
 * the input type: leave nIn unset, or set it to fit. The contract restores ND4J's default types and the state of its
 * random generator.
 *
 * <p>Gradients agree when they differ by at most 1e-5 relative or 1e-8 absolute. These bounds are fixed. A layer that
 * fails them is wrong, or is not differentiable at the data points. A ReLU is not differentiable at 0, so choose
 * another activation.
 */
public final class LayerContract {

    private final Layer layer;
    private InputType input = InputType.feedForward(6);
    private Activation before = Activation.SIGMOID;
    private boolean differsAtTestTime;
    private boolean pretrainedByEstimate;
    private boolean straightThrough;
    private final Set<Clause> leftOut = EnumSet.noneOf(Clause.class);

    private LayerContract(Layer layer) {
        this.layer = layer;
    }

    /**
     * Checks a layer that takes 6 features per example.
     *
     * @param layer its configuration; not changed
     * @throws ContractViolation if it breaks a clause
     */
    public static void verify(Layer layer) {
        of(layer).verify();
    }

    /**
     * Starts a check.
     *
     * @param layer its configuration; not changed
     * @return settings, to be followed by {@link #verify()}
     */
    public static LayerContract of(Layer layer) {
        return new LayerContract(layer);
    }

    /**
     * Sets the input type: features, sequences (with a length) or images. Default: 6 features.
     *
     * @param input a small type, because every parameter costs two passes per gradient check
     * @return this
     */
    public LayerContract input(InputType input) {
        this.input = input;
        return this;
    }

    /**
     * Sets the activation of the preceding stock layer, so that inputs lie in the layer's domain. Default: sigmoid.
     *
     * @param before a smooth activation
     * @return this
     */
    public LayerContract before(Activation before) {
        this.before = before;
        return this;
    }

    /**
     * Declares that the layer's output at test time differs from that in training, as with noise layers. The contract
     * then does not compare the two scores.
     *
     * @return this
     */
    public LayerContract differsAtTestTime() {
        this.differsAtTestTime = true;
        return this;
    }

    /**
     * Declares that pretraining follows an estimate other than the gradient of the layer's score, such as contrastive
     * divergence. The contract then does not compare the two. Such an estimate needs its own test.
     *
     * @return this
     */
    public LayerContract pretrainedByEstimate() {
        this.pretrainedByEstimate = true;
        return this;
    }

    /**
     * Declares that backprop is the derivative of a surrogate, because the layer's output is a step function. The
     * contract then compares gradients with central differences of the surrogate that the implementation declares as a
     * {@link io.github.dl4jae.layer.StraightThrough}.
     *
     * @return this
     */
    public LayerContract straightThrough() {
        this.straightThrough = true;
        return this;
    }

    /**
     * Excludes clauses that do not apply: {@link Clause#EXAMPLES} where the score depends on the composition of the
     * mini-batch, or {@link Clause#FROZEN} where a stock layer around the subject breaks it.
     *
     * @param clauses the clauses to exclude; give the reason in a comment at the call
     * @return this
     */
    public LayerContract without(Clause... clauses) {
        leftOut.addAll(List.of(clauses));
        return this;
    }

    /**
     * Checks every clause.
     *
     * @throws ContractViolation if the layer breaks any; the message names each with the difference
     */
    @SuppressWarnings("try") // only close() of the state is used
    public void verify() {
        try (GlobalState ignored = GlobalState.float64()) {
            Sandwich sandwich = new Sandwich(layer, input, before, straightThrough);
            Findings findings = new Findings(leftOut);
            for (WorkspaceMode workspaces : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
                for (boolean miniBatch : new boolean[] {true, false}) {
                    findings.check(
                            Clause.GRADIENT,
                            "workspaces " + workspaces + ", mini-batch average " + (miniBatch ? "on" : "off"),
                            () -> GradientClauses.gradient(
                                    sandwich, sandwich.network(workspaces, miniBatch), sandwich.data()));
                }
            }
            findings.check(Clause.GRAPH, "", () -> GradientClauses.graph(sandwich));
            findings.check(Clause.SCORE, "", () -> ScoreClauses.score(sandwich, differsAtTestTime));
            if (sandwich.takesSequences()) {
                for (boolean miniBatch : new boolean[] {true, false}) {
                    for (boolean atTheBottom : new boolean[] {false, true}) {
                        findings.check(
                                Clause.MASK,
                                "ragged sequences "
                                        + (atTheBottom ? "into the first layer" : "after a recurrent layer")
                                        + ", mini-batch average " + (miniBatch ? "on" : "off"),
                                () -> ScoreClauses.mask(sandwich, miniBatch, atTheBottom));
                    }
                }
            }
            if (!sandwich.subjectIsOutput()) {
                findings.check(Clause.ALIASING, "", () -> ScoreClauses.aliasing(sandwich));
            }
            findings.check(Clause.JSON, "", () -> SerializationClauses.json(sandwich));
            findings.check(Clause.YAML, "", () -> SerializationClauses.yaml(sandwich));
            findings.check(Clause.CLONE, "", () -> SerializationClauses.cloning(sandwich));
            findings.check(Clause.ZIP, "", () -> SerializationClauses.zip(sandwich));
            findings.check(Clause.MEMORY_REPORT, "", () -> SerializationClauses.memoryReport(sandwich));
            if (sandwich.subject(sandwich.network()).isPretrainLayer() && !pretrainedByEstimate) {
                findings.check(Clause.PRETRAINING, "", () -> GradientClauses.pretraining(sandwich));
            }
            verifyCorners(sandwich, findings);
            findings.throwIfAny(layer.getClass().getSimpleName());
        }
    }

    private void verifyCorners(Sandwich sandwich, Findings findings) {
        findings.check(Clause.FROZEN, "", () -> TransferClauses.frozen(sandwich));
        findings.check(Clause.CONVERTED, "", () -> TransferClauses.converted(sandwich));
        if (!sandwich.subjectIsOutput()) {
            findings.check(Clause.ORDER, "", () -> InputClauses.order(sandwich));
        }
        if (!sandwich.subjectIsOutput() && input.getType() == InputType.Type.FF) {
            findings.check(Clause.STACKED, "", () -> InputClauses.stacked(sandwich));
        }
        findings.check(Clause.TYPES, "", () -> InputClauses.types(sandwich));
        findings.check(Clause.EMPTY, "", () -> InputClauses.empty(sandwich));
        findings.check(Clause.NON_FINITE, "", () -> InputClauses.nonFinite(sandwich));
        findings.check(Clause.JAVA_SERIALIZATION, "", () -> SerializationClauses.javaSerialization(sandwich));
        findings.check(Clause.EXAMPLES, "", () -> ScoreClauses.examples(sandwich, differsAtTestTime));
    }

    /**
     * Checks only the gradient of pretraining, which is fast enough for many combinations of settings.
     *
     * @throws ContractViolation if it differs from central differences of the layer's score
     */
    @SuppressWarnings("try") // only close() of the state is used
    public void verifyPretraining() {
        try (GlobalState ignored = GlobalState.float64()) {
            Findings findings = new Findings(leftOut);
            findings.check(
                    Clause.PRETRAINING,
                    "",
                    () -> GradientClauses.pretraining(new Sandwich(layer, input, before, straightThrough)));
            findings.throwIfAny(layer.getClass().getSimpleName());
        }
    }

    /** Collects the failures. */
    private static final class Findings {
        private final List<ContractViolation.Finding> all = new ArrayList<>();
        private final Set<Clause> leftOut;

        Findings(Set<Clause> leftOut) {
            this.leftOut = leftOut;
        }

        void check(Clause clause, String circumstances, Check check) {
            if (leftOut.contains(clause)) {
                return;
            }
            String prefix = circumstances.isEmpty() ? "" : circumstances + ": ";
            try {
                check.run();
            } catch (AssertionError e) {
                all.add(new ContractViolation.Finding(clause, prefix + e.getMessage(), null));
            } catch (Exception | LinkageError e) {
                all.add(new ContractViolation.Finding(clause, prefix + "threw " + e, e));
            }
        }

        void throwIfAny(String subject) {
            if (!all.isEmpty()) {
                throw new ContractViolation(subject, all);
            }
        }
    }

    /** A check that throws an AssertionError with the difference. */
    @FunctionalInterface
    private interface Check {
        void run() throws Exception;
    }
}
