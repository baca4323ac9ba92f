package io.github.dl4jae.signal;

import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/** What a builder has set; its setters explain each value. */
record DenoiserOptions(
        int window,
        List<Integer> filters,
        int kernel,
        boolean skip,
        double lowest,
        double highest,
        @Nullable NoiseSource noise,
        IUpdater updater,
        int batch,
        int windowsPerEpoch,
        int epochs,
        long seed,
        @Nullable Path checkpoint,
        List<ProgressListener> listeners) {}
