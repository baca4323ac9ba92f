package io.github.dl4jae.dictionary;

import java.util.List;

/** The statistics of one feature. Its arrays are shared within the package and never changed. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UnitSummary(
        long firing,
        long firingExamples,
        double maximum,
        double mean,
        int[] histogram,
        int exponent,
        double[] classSums,
        List<FeatureExample> strongest,
        List<List<FeatureExample>> bands) {}
