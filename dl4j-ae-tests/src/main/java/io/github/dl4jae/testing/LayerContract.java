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
 * Checks all that a network relies on in a layer.
 *
 * <pre>{@code
 * LayerContract.verify(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build());
 * LayerContract.of(new LSTM.Builder().nOut(4).build()).input(InputType.recurrent(5, 4)).verify();
 * }</pre>
 *
 * <p>The layer is put between a stock layer and a stock output layer (an output layer is put last), in small float64
 * networks with random data that is the same every time, and every {@link Clause} is checked. Sizes are found from the
 * input type; leave nIn out, or let it fit. ND4J's default types and the state of its random generator are put back.
 *
 * <p>Gradients agree when they differ by at most 1e-5 relative or 1e-8 absolute. These bounds are not to be changed: a layer
 * that fails them is wrong, or not differentiable at the data's points (a ReLU at 0 is not; choose another activation).
 */
public final class LayerContract {

    private final Layer layer;
    private InputType input = InputType.feedForward(6);
    private Activation before = Activation.SIGMOID;
    private boolean differsAtTestTime;
    private boolean pretrainedByEstimate;
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
     * Begins a check.
     *
     * @param layer its configuration; not changed
     * @return settings, to be followed by {@link #verify()}
     */
    public static LayerContract of(Layer layer) {
        return new LayerContract(layer);
    }

    /**
     * Sets what the network takes: features, sequences (with a length) or images.
     *
     * @param input 6 features unless set; keep it small, every parameter costs two passes per gradient check
     * @return this
     */
    public LayerContract input(InputType input) {
        this.input = input;
        return this;
    }

    /**
     * Sets the activation of the stock layer before, to give the layer inputs in its domain.
     *
     * @param before smooth; sigmoid unless set
     * @return this
     */
    public LayerContract before(Activation before) {
        this.before = before;
        return this;
    }

    /**
     * Says that the layer computes something else at test time than in training, as noise layers do, so that the two scores
     * are not compared.
     *
     * @return this
     */
    public LayerContract differsAtTestTime() {
        this.differsAtTestTime = true;
        return this;
    }

    /**
     * Says that pretraining follows an estimate which is not the gradient of the layer's score, as contrastive divergence is, so that the two are
     * not compared. Such an estimate needs a test of its own.
     *
     * @return this
     */
    public LayerContract pretrainedByEstimate() {
        this.pretrainedByEstimate = true;
        return this;
    }

    /**
     * Leaves clauses out that do not apply: {@link Clause#EXAMPLES} where the score depends on which examples meet in a
     * minibatch, as estimates of a distribution do, or {@link Clause#FROZEN} where a stock layer around the subject
     * breaks it.
     *
     * @param clauses not to be checked; say why beside the call
     * @return this
     */
    public LayerContract without(Clause... clauses) {
        leftOut.addAll(List.of(clauses));
        return this;
    }

    /**
     * Checks every clause.
     *
     * @throws ContractViolation if the layer breaks any; the message names each, and by how much
     */
    @SuppressWarnings("try") // the state is held open, not used
    public void verify() {
        try (GlobalState ignored = GlobalState.float64()) {
            Sandwich sandwich = new Sandwich(layer, input, before);
            Findings findings = new Findings(leftOut);
            for (WorkspaceMode workspaces : new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}) {
                for (boolean miniBatch : new boolean[] {true, false}) {
                    findings.check(
                            Clause.GRADIENT,
                            "workspaces " + workspaces + ", minibatch average " + (miniBatch ? "on" : "off"),
                            () -> GradientClauses.gradient(sandwich.network(workspaces, miniBatch), sandwich.data()));
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
                                        + (atTheBottom ? "into the first layer" : "behind a recurrent layer")
                                        + ", minibatch average " + (miniBatch ? "on" : "off"),
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
     * Checks the gradient of pretraining alone: quick, for layers with many combinations of settings.
     *
     * @throws ContractViolation if it differs from differences of the layer's score
     */
    @SuppressWarnings("try") // the state is held open, not used
    public void verifyPretraining() {
        try (GlobalState ignored = GlobalState.float64()) {
            Findings findings = new Findings(leftOut);
            findings.check(
                    Clause.PRETRAINING, "", () -> GradientClauses.pretraining(new Sandwich(layer, input, before)));
            findings.throwIfAny(layer.getClass().getSimpleName());
        }
    }

    /** Gathers what the checks find. */
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

    /** One check; an AssertionError says by how much it fails. */
    @FunctionalInterface
    private interface Check {
        void run() throws Exception;
    }
}
