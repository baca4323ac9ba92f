package io.github.dl4jae.internal.io;

/** Text of a file, made fit for an error message. */
public final class FoundText {

    private static final int LONGEST = 240;

    private FoundText() {}

    /**
     * Returns the text in quotes, without control characters and shortened.
     *
     * @param text of a file
     * @return printable ASCII in single quotes
     */
    public static String quoted(String text) {
        StringBuilder shown = new StringBuilder("'");
        text.chars().limit(LONGEST).forEach(c -> shown.append(c < ' ' || c > '~' ? '?' : (char) c));
        return shown.append(text.length() > LONGEST ? "…'" : "'").toString();
    }
}
