package io.github.dl4jae.adversarial;

import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;

/** What a builder has set. */
record AdversarialOptions(
        Model encoder,
        Model decoder,
        Model latentDiscriminator,
        @Nullable Model categoryDiscriminator,
        AdversarialMode mode,
        CodePosterior posterior,
        CodePrior prior,
        double weight,
        double categoryWeight,
        InputCorruption corruption,
        @Nullable InputCorruption categoryCorruption,
        int batch,
        int labeledBatch,
        int epochs,
        long seed,
        @Nullable Path checkpoint,
        List<ProgressListener> listeners) {

    CodeHeads heads() {
        return new CodeHeads(mode, posterior, seed);
    }

    /** Returns the options that a checkpoint must share. */
    Map<String, String> decisive() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("mode", mode.toString());
        options.put("posterior", posterior.toString());
        options.put("prior", prior.toString());
        options.put("weight", "" + weight);
        options.put("categoryWeight", "" + categoryWeight);
        options.put("batch", "" + batch);
        options.put("labeledBatch", "" + labeledBatch);
        options.put("seed", "" + seed);
        return options;
    }
}
