package io.github.dl4jae.timeseries;

import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** What a builder has set; its setters explain each value. */
record TimeVaeOptions(
        int latents,
        boolean convolutional,
        List<Integer> hidden,
        int kernel,
        int stride,
        int trend,
        List<TimeBasis.Season> seasons,
        boolean residual,
        double weight,
        double meanWeight,
        ISchedule beta,
        IUpdater updater,
        int batch,
        int epochs,
        double validation,
        int patience,
        boolean scale,
        long seed,
        DataType type,
        @Nullable Path checkpoint,
        int checkpointEvery,
        List<ProgressListener> listeners) {}
