package io.github.dl4jae.anomaly;

/** A score that a bundle can hold beside its networks. */
interface StoredScore extends AnomalyScore {

    /** Writes the kind, the networks and what was measured, for {@link ScoreReader#score}. */
    void store(ScoreWriter out);
}
