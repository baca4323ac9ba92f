package io.github.dl4jae.examples.molecules;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An atom of a SMILES.
 *
 * @param element its symbol, with a capital
 * @param aromatic whether it is written in lower case
 * @param capacity the largest sum of the orders of its bonds to other atoms than hydrogen
 * @param lonePair whether an aromatic atom can give two electrons to its ring without a double bond
 */
record SmilesAtom(String element, boolean aromatic, int capacity, boolean lonePair) {

    private static final Pattern BRACKET = Pattern.compile(
            "\\[\\d*([A-Z][a-z]?|[bcnops]|se|as)(@{0,2})(?:H(\\d?))?(?:(\\+\\+|--|[+-])(\\d?))?(?::\\d+)?]");
    private static final Map<String, Integer> ORGANIC =
            Map.of("B", 3, "C", 4, "N", 3, "O", 2, "P", 5, "S", 6, "F", 1, "Cl", 1, "Br", 1, "I", 1);
    private static final Map<String, Integer> OTHERS = Map.of("Si", 4, "Se", 6, "As", 5, "Sn", 4, "Ge", 4, "Te", 6);
    private static final int METAL = 8;

    /** Reads an atom, or returns null if a token is no atom. */
    static SmilesAtom of(String token) {
        String symbol = capital(token);
        if (ORGANIC.containsKey(symbol) && (token.equals(symbol) || token.length() == 1)) {
            boolean aromatic = !token.equals(symbol);
            int capacity = aromatic && !symbol.equals("C") && !symbol.equals("N") && !symbol.equals("P")
                    ? 2
                    : ORGANIC.get(symbol);
            boolean lonePair = symbol.equals("O") || symbol.equals("S");
            return new SmilesAtom(symbol, aromatic, aromatic && symbol.equals("P") ? 3 : capacity, lonePair);
        }
        Matcher bracket = BRACKET.matcher(token);
        return bracket.matches() ? ofBracket(bracket) : null;
    }

    private static String capital(String symbol) {
        return symbol.isEmpty() ? symbol : Character.toUpperCase(symbol.charAt(0)) + symbol.substring(1);
    }

    private static SmilesAtom ofBracket(Matcher bracket) {
        String written = bracket.group(1);
        String element = capital(written);
        boolean aromatic = !element.equals(written);
        boolean hasHydrogen = bracket.group(0).contains("H") && !element.startsWith("H");
        int hydrogens = !hasHydrogen ? 0 : number(bracket.group(3), 1);
        int charge = charge(bracket.group(4), bracket.group(5));
        boolean lonePair =
                switch (element) {
                    case "N", "P", "As" -> charge < 0 || (hydrogens > 0 && charge == 0);
                    case "O", "S", "Se", "Te" -> charge == 0;
                    case "C" -> charge < 0;
                    default -> false;
                };
        int valence = valence(element, charge);
        return new SmilesAtom(
                element, aromatic, Math.max(0, (aromatic ? Math.min(valence, 4) : valence) - hydrogens), lonePair);
    }

    private static int number(String digits, int otherwise) {
        return digits == null || digits.isEmpty() ? otherwise : Integer.parseInt(digits);
    }

    private static int charge(String signs, String digits) {
        if (signs == null) {
            return 0;
        }
        int size = signs.length() == 2 ? 2 : number(digits, 1);
        return signs.charAt(0) == '+' ? size : -size;
    }

    /** Returns the usual valence of a charged atom: that of the neighbor with as many electrons. */
    private static int valence(String element, int charge) {
        return switch (element) {
            case "B" -> 3 - charge;
            case "C", "Si" -> 4 - Math.abs(charge);
            case "N", "O" -> ORGANIC.get(element) + charge;
            case "P", "As" -> charge == 0 ? 5 : charge > 0 ? 4 : 6;
            case "S", "Se", "Te" -> charge == 0 ? 6 : charge > 0 ? 5 : 1;
            case "F", "Cl", "Br", "I" -> charge == 0 ? 7 : charge > 0 ? 6 : 0;
            case "H" -> charge == 0 ? 1 : 0;
            default -> OTHERS.getOrDefault(element, METAL);
        };
    }
}
