package io.github.dl4jae.data;

/**
 * Trees of sources of equal shape, numbered level by level: the roots first, then the children of all roots.
 *
 * <pre>
 * children of i    roots + i·children, …, roots + (i + 1)·children − 1
 * </pre>
 *
 * @param roots the number of trees; 0 for none
 * @param children the number of children of each source above the last level
 * @param depth the number of levels below the roots
 * @param size the number of sources in trees; the others are on their own
 */
record SourceTrees(int roots, int children, int depth, int size) {

    static final SourceTrees NONE = new SourceTrees(0, 0, 0, 0);

    /** Returns trees that have at most a number of sources: the last ones of the last levels are left out. */
    static SourceTrees of(int roots, int children, int depth, int sources) {
        long size = 0;
        long level = roots;
        for (int i = 0; i <= depth && size < sources; i++) {
            size += level;
            level *= children;
        }
        return new SourceTrees(roots, children, depth, (int) Math.min(size, sources));
    }

    /** Returns the parent of a source in a tree, −1 for a root. */
    int parent(int source) {
        return source < roots ? -1 : (source - roots) / children;
    }

    /** Returns the first child of a source; at least {@link #size} if it has none. */
    long firstChild(int source) {
        return roots + (long) source * children;
    }

    /** Returns the source after the last child. */
    int endOfChildren(int source) {
        return (int) Math.min(size, firstChild(source) + children);
    }

    /**
     * Returns the probabilities of sources that must fire independently, so that each fires about as often as it should
     * where its parent must fire too and siblings exclude each other:
     *
     * <pre>
     * q_i = min(1, p_i/p_parent · (1 + Σ_siblings p_j/p_parent))
     * </pre>
     */
    double[] independent(double[] probabilities) {
        double[] q = probabilities.clone();
        for (int parent = 0; parent < size && firstChild(parent) < size; parent++) {
            int first = (int) firstChild(parent);
            int end = endOfChildren(parent);
            double sum = 0;
            for (int i = first; i < end; i++) {
                sum += probabilities[i] / probabilities[parent];
            }
            for (int i = first; i < end; i++) {
                double p = probabilities[i] / probabilities[parent];
                q[i] = Math.min(1, p * (1 + sum - p));
            }
        }
        return q;
    }
}
