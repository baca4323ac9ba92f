package io.github.dl4jae.examples.molecules;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Whether the aromatic atoms of a molecule form rings that can be written with alternating double bonds.
 *
 * <p>Every aromatic atom must be in a ring of aromatic atoms. Those without a lone pair must be paired with a neighbor
 * by a double bond, which is a perfect matching. Atoms that still can get another bond outside may be left alone.
 */
final class AromaticRings {

    /** What an atom needs. */
    enum Need {
        /** It is not aromatic. */
        NONE,
        /** It has two electrons or a double bond of its own. */
        ALONE,
        /** It needs a double bond in the ring. */
        PAIR,
        /** It can have a double bond in the ring, or none. */
        EITHER
    }

    private final Need[] needs;
    private final List<int[]> neighbors;
    private final int[] partner;

    private AromaticRings(Need[] needs, List<int[]> neighbors) {
        this.needs = needs;
        this.neighbors = neighbors;
        this.partner = new int[needs.length];
        Arrays.fill(partner, -1);
    }

    /**
     * Returns whether the rings can be written.
     *
     * @param needs of each atom
     * @param neighbors of each atom
     */
    static boolean canBeWritten(Need[] needs, List<int[]> neighbors) {
        AromaticRings rings = new AromaticRings(needs, neighbors);
        return rings.allAreInRings() && rings.canBePaired();
    }

    /** Returns whether each aromatic atom has two aromatic neighbors, as it has in a ring. */
    private boolean allAreInRings() {
        for (int atom = 0; atom < needs.length; atom++) {
            if (needs[atom] != Need.NONE && aromaticNeighbors(atom) < 2) {
                return false;
            }
        }
        return true;
    }

    private long aromaticNeighbors(int atom) {
        return Arrays.stream(neighbors.get(atom))
                .filter(other -> needs[other] != Need.NONE)
                .count();
    }

    /** Pairs the atoms that need it first: alternating paths then never leave one of them. */
    private boolean canBePaired() {
        for (int atom = 0; atom < needs.length; atom++) {
            if (needs[atom] == Need.PAIR && partner[atom] < 0 && !augment(atom)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Finds a partner along an alternating path. Rings of odd length make the graph not bipartite; a path is searched
     * by
     * depth with the atoms on it excluded, which finds one where blossoms are small.
     */
    private boolean augment(int start) {
        return augment(start, new ArrayDeque<>());
    }

    private boolean augment(int atom, Deque<Integer> onPath) {
        onPath.push(atom);
        for (int other : neighbors.get(atom)) {
            boolean pairs = needs[other] == Need.PAIR || needs[other] == Need.EITHER;
            if (!pairs || onPath.contains(other)) {
                continue;
            }
            int before = partner[other];
            boolean free = before < 0 || needs[before] == Need.EITHER;
            onPath.push(other);
            if (free || (!onPath.contains(before) && augment(before, onPath))) {
                if (before >= 0 && free) {
                    partner[before] = -1;
                }
                partner[other] = atom;
                partner[atom] = other;
                return true;
            }
            onPath.pop();
        }
        onPath.pop();
        return false;
    }
}
