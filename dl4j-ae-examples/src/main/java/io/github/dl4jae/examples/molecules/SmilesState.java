package io.github.dl4jae.examples.molecules;

import io.github.dl4jae.examples.molecules.AromaticRings.Need;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The molecule in a beginning of a SMILES. Immutable. */
final class SmilesState {

    static final SmilesState EMPTY = new SmilesState();

    /** What the last token was. */
    private enum Last {
        START,
        ATOM,
        BOND,
        OPEN,
        CLOSE,
        RING
    }

    /** A bond, or the open end of a ring. */
    private record Bond(int from, int to, int order) {}

    /** A ring number that waits for its other end, in a branch of some depth. */
    private record OpenRing(int atom, int order, int depth) {}

    private static final Map<String, Integer> BONDS = Map.of("-", 1, "=", 2, "#", 3, ":", 1, "/", 1, "\\", 1);

    private final List<SmilesAtom> atoms;
    private final List<Bond> bonds;
    private final Map<String, OpenRing> rings;
    private final List<Integer> branches;
    private final int current;
    private final int pending;
    private final Last last;

    private SmilesState() {
        this(List.of(), List.of(), Map.of(), List.of(), -1, 1, Last.START);
    }

    private SmilesState(
            List<SmilesAtom> atoms,
            List<Bond> bonds,
            Map<String, OpenRing> rings,
            List<Integer> branches,
            int current,
            int pending,
            Last last) {
        this.atoms = atoms;
        this.bonds = bonds;
        this.rings = rings;
        this.branches = branches;
        this.current = current;
        this.pending = pending;
        this.last = last;
    }

    boolean mayEnd() {
        return endsWithAtom() && branches.isEmpty() && rings.isEmpty() && ringsAreRight(false);
    }

    /** Returns the state after a token, or null if the token must not follow. */
    SmilesState then(String token, SmilesAtom atom) {
        SmilesState next = atom != null ? thenAtom(atom) : thenOther(token);
        return next != null && (next.rings.isEmpty() ? next.ringsAreRight(true) : next.canCloseRings()) ? next : null;
    }

    private SmilesState thenOther(String token) {
        Integer bond = BONDS.get(token);
        if (bond != null) {
            return thenBond(bond);
        }
        return switch (token) {
            case "(" ->
                endsWithAtom() && left(current) > 0
                        ? new SmilesState(atoms, bonds, rings, with(branches, current), current, 1, Last.OPEN)
                        : null;
            case ")" -> thenClose();
            case "." -> null;
            default -> isRingNumber(token) ? thenRing(token) : null;
        };
    }

    private static boolean isRingNumber(String token) {
        return token.matches("\\d|%\\d\\d");
    }

    private boolean endsWithAtom() {
        return last == Last.ATOM || last == Last.RING || last == Last.CLOSE;
    }

    private static <T> List<T> with(List<T> list, T added) {
        List<T> longer = new ArrayList<>(list);
        longer.add(added);
        return longer;
    }

    /** Returns how many more bonds an atom can have; open rings count as bonds. */
    private int left(int atom) {
        int left = atoms.get(atom).capacity();
        for (Bond bond : bonds) {
            left -= bond.from == atom || bond.to == atom ? bond.order : 0;
        }
        for (OpenRing ring : rings.values()) {
            left -= ring.atom == atom ? ring.order : 0;
        }
        return left;
    }

    private SmilesState thenAtom(SmilesAtom atom) {
        if (last == Last.START) {
            return new SmilesState(List.of(atom), bonds, rings, branches, 0, 1, Last.ATOM);
        }
        boolean firstOfRing = isAromatic(current)
                && last == Last.ATOM
                && rings.values().stream().noneMatch(r -> isAromatic(r.atom));
        if (left(current) < pending || atom.capacity() < pending || firstOfRing) {
            return null;
        }
        int added = atoms.size();
        return new SmilesState(
                with(atoms, atom),
                with(bonds, new Bond(current, added, pending)),
                rings,
                branches,
                added,
                1,
                Last.ATOM);
    }

    private boolean isAromatic(int atom) {
        return atoms.get(atom).aromatic();
    }

    private SmilesState thenBond(int order) {
        boolean follows = endsWithAtom() || last == Last.OPEN;
        return follows && left(current) >= order
                ? new SmilesState(atoms, bonds, rings, branches, current, order, Last.BOND)
                : null;
    }

    private SmilesState thenClose() {
        boolean closes = !branches.isEmpty()
                && endsWithAtom()
                && rings.values().stream().noneMatch(ring -> ring.depth >= branches.size());
        return closes
                ? new SmilesState(
                        atoms,
                        bonds,
                        rings,
                        branches.subList(0, branches.size() - 1),
                        branches.get(branches.size() - 1),
                        1,
                        Last.CLOSE)
                : null;
    }

    private SmilesState thenRing(String number) {
        if (last != Last.ATOM && last != Last.RING && last != Last.BOND) {
            return null;
        }
        Map<String, OpenRing> others = new HashMap<>(rings);
        OpenRing other = others.remove(number);
        if (other == null) {
            others.put(number, new OpenRing(current, pending, branches.size()));
            return left(current) >= pending
                    ? new SmilesState(atoms, bonds, others, branches, current, 1, Last.RING)
                    : null;
        }
        int order = Math.max(pending, other.order);
        boolean closes = other.atom != current
                && left(current) >= order
                && left(other.atom) >= order - other.order
                && bonds.stream()
                        .noneMatch(bond ->
                                Math.min(bond.from, bond.to) == other.atom && Math.max(bond.from, bond.to) == current);
        return closes
                ? new SmilesState(
                        atoms,
                        with(bonds, new Bond(other.atom, current, order)),
                        others,
                        branches,
                        current,
                        1,
                        Last.RING)
                : null;
    }

    /** Returns whether an open ring can still be closed: something can follow. */
    private boolean canCloseRings() {
        return last == Last.BOND || last == Last.OPEN || left(current) > 0 || !branches.isEmpty();
    }

    /** Returns whether the aromatic rings are possible, now or after bonds that atoms can still get. */
    private boolean ringsAreRight(boolean canGoOn) {
        if (canGoOn && last == Last.ATOM && isAromatic(current)) {
            return true; // the next token must open a ring, which is checked when that is closed
        }
        Need[] needs = new Need[atoms.size()];
        List<List<Integer>> neighbors = new ArrayList<>();
        for (int atom = 0; atom < needs.length; atom++) {
            neighbors.add(new ArrayList<>());
        }
        int[] outside = new int[needs.length];
        for (Bond bond : bonds) {
            if (isAromatic(bond.from) && isAromatic(bond.to)) {
                neighbors.get(bond.from).add(bond.to);
                neighbors.get(bond.to).add(bond.from);
            }
            outside[bond.from] = Math.max(outside[bond.from], bond.order);
            outside[bond.to] = Math.max(outside[bond.to], bond.order);
        }
        for (int atom = 0; atom < needs.length; atom++) {
            boolean open = canGoOn && left(atom) > 0 && (atom == current || branches.contains(atom));
            needs[atom] = need(atom, outside[atom], open);
        }
        return AromaticRings.canBeWritten(
                needs,
                neighbors.stream()
                        .map(list -> list.stream().mapToInt(other -> other).toArray())
                        .toList());
    }

    private Need need(int atom, int largestOrder, boolean open) {
        SmilesAtom it = atoms.get(atom);
        if (!it.aromatic()) {
            return Need.NONE;
        }
        boolean full = (it.element().equals("N") || it.element().equals("P")) && it.capacity() == 3 && left(atom) == 0;
        if (largestOrder > 1 || it.lonePair() || full) {
            return Need.ALONE;
        }
        return open ? Need.EITHER : Need.PAIR;
    }
}
