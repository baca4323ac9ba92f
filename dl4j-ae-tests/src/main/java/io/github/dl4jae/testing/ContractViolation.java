package io.github.dl4jae.testing;

import java.util.List;
import java.util.stream.Collectors;

/** Reports a layer that breaks its contract. The message names each failed clause and the difference. */
public final class ContractViolation extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    ContractViolation(String subject, List<Finding> findings) {
        super(subject + " breaks its contract:\n"
                + findings.stream().map(finding -> "  " + finding).collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
        findings.stream().map(Finding::cause).filter(cause -> cause != null).forEach(this::addSuppressed);
    }

    /**
     * Returns the failed clauses.
     *
     * @return at least one, in the order of their checks
     */
    public List<Clause> clauses() {
        return findings.stream().map(Finding::clause).distinct().toList();
    }

    /**
     * A failed clause.
     *
     * @param clause which clause
     * @param detail the circumstances and the difference
     * @param cause the exception that a layer threw, or null
     */
    record Finding(Clause clause, String detail, Throwable cause) {
        @Override
        public String toString() {
            return clause + ": " + detail;
        }
    }
}
