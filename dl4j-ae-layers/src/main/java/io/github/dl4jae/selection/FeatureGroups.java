package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Features that are selected together, such as those of a categorical column. */
final class FeatureGroups {

    private final int[] groupOf;
    private final int[][] members;

    private FeatureGroups(int[] groupOf, int count) {
        this.groupOf = groupOf;
        int[] sizes = new int[count];
        for (int group : groupOf) {
            sizes[group]++;
        }
        this.members = new int[count][];
        Arrays.setAll(members, group -> new int[sizes[group]]);
        int[] filled = new int[count];
        for (int feature = 0; feature < groupOf.length; feature++) {
            int group = groupOf[feature];
            members[group][filled[group]++] = feature;
        }
    }

    /** Returns groups of one feature each. */
    static FeatureGroups single(int features) {
        return new FeatureGroups(IntStream.range(0, features).toArray(), features);
    }

    /**
     * Checks the arguments of a selection and returns its groups.
     *
     * @param groups for each column of the examples, the index of its group
     * @param k the number of groups to select
     */
    static FeatureGroups require(String subject, INDArray examples, int[] groups, int k) {
        SelectionChecks.requireExamples(subject, examples);
        Require.given(subject, "groups", groups, "pass the index of the group of each column");
        Require.that(
                groups.length == examples.size(1),
                subject,
                "groups must have one index for each of the " + examples.size(1) + " columns",
                groups.length,
                "");
        int[] distinct = Arrays.stream(groups).sorted().distinct().toArray();
        int count = distinct.length;
        Require.that(
                distinct[0] == 0 && distinct[count - 1] == count - 1,
                subject,
                "groups must be numbered from 0 without gaps",
                distinct[0] + " to " + distinct[count - 1] + " for " + count + " groups",
                "");
        Require.that(
                k >= 1 && k <= count,
                subject,
                "k must be in [1, " + count + "] (the columns have " + count + " groups)",
                k,
                "");
        return new FeatureGroups(groups.clone(), count);
    }

    int count() {
        return members.length;
    }

    /** Returns the features of a group, ascending; not a copy. */
    int[] members(int group) {
        return members[group];
    }

    /** Returns the features of groups, in the order of the groups. */
    int[] features(int... groups) {
        return Arrays.stream(groups)
                .flatMap(group -> Arrays.stream(members[group]))
                .toArray();
    }

    /** Returns the sum of the values of each group. */
    double[] sums(double[] values) {
        double[] sums = new double[members.length];
        for (int feature = 0; feature < values.length; feature++) {
            sums[groupOf[feature]] += values[feature];
        }
        return sums;
    }

    /**
     * Selects the groups of the features that a selector puts first. It is asked for more features as long as they
     * belong to fewer than k groups.
     */
    int[] ofFirstFeatures(FeatureSelector selector, INDArray examples, int k) {
        for (int features = k; ; features = Math.min(2 * features, groupOf.length)) {
            int[] chosen = Arrays.stream(selector.select(examples, features))
                    .map(feature -> groupOf[feature])
                    .distinct()
                    .limit(k)
                    .toArray();
            if (chosen.length == k) {
                return chosen;
            }
        }
    }
}
