package io.github.dl4jae.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code java} block of a Markdown page, with the directives in the HTML comments right above it.
 *
 * <pre>
 * &lt;!-- snippet: continues --&gt;              follows the snippet before it on the same page
 * &lt;!-- snippet: given Type a; Type b --&gt;    uses these variables
 * &lt;!-- snippet: imports a.b.C; d.E --&gt;       leaves out these imports
 * &lt;!-- snippet: layers --&gt;                  calls on the builder of a list of layers
 * &lt;!-- snippet: graph --&gt;                   calls on the builder of a graph
 * </pre>
 *
 * @param file the page
 * @param firstLine the line of the first code line, from 1
 * @param lines the code
 * @param imports names of classes whose imports the page leaves out
 * @param given declarations of variables, without semicolons
 * @param continued the snippet that this one follows, or null
 * @param receiver the expression on which the code calls methods, or null
 */
record Snippet(
        Path file,
        int firstLine,
        List<String> lines,
        List<String> imports,
        List<String> given,
        Snippet continued,
        String receiver) {

    private static final Pattern FENCE = Pattern.compile("^\\s*```(\\w*)\\s*$");
    private static final Pattern DIRECTIVE = Pattern.compile("^\\s*<!-- snippet: (.*) -->$");
    private static final String BUILDER = "new org.deeplearning4j.nn.conf.NeuralNetConfiguration.Builder()";

    /** Returns the {@code java} blocks of a page. */
    static List<Snippet> of(Path file, List<String> page) {
        List<Snippet> snippets = new ArrayList<>();
        List<String> directives = new ArrayList<>();
        String language = null;
        int start = 0;
        for (int i = 0; i < page.size(); i++) {
            String line = page.get(i);
            Matcher fence = FENCE.matcher(line);
            Matcher directive = DIRECTIVE.matcher(line);
            if (fence.matches() && language == null) {
                language = fence.group(1);
                start = i + 1;
            } else if (fence.matches()) {
                if (language.equals("java")) {
                    Snippet previous = snippets.isEmpty() ? null : snippets.get(snippets.size() - 1);
                    snippets.add(of(file, start + 1, page.subList(start, i), directives, previous));
                }
                language = null;
                directives.clear();
            } else if (language == null && directive.matches()) {
                directives.add(directive.group(1));
            } else if (language == null && !line.isBlank()) {
                if (!directives.isEmpty()) {
                    throw new IllegalArgumentException(file + ":" + (i + 1)
                            + ": a java block must follow <!-- snippet: " + directives.get(0) + " -->, got: " + line);
                }
            }
        }
        return snippets;
    }

    private static Snippet of(Path file, int firstLine, List<String> lines, List<String> directives, Snippet previous) {
        List<String> imports = new ArrayList<>();
        List<String> given = new ArrayList<>();
        Snippet continued = null;
        String receiver = null;
        for (String directive : directives) {
            if (directive.startsWith("given ")) {
                given.addAll(parts(directive, "given "));
            } else if (directive.startsWith("imports ")) {
                imports.addAll(parts(directive, "imports "));
            } else if (directive.equals("continues") && previous != null) {
                continued = previous;
            } else if (directive.equals("layers")) {
                receiver = BUILDER + ".list()";
            } else if (directive.equals("graph")) {
                receiver = BUILDER + ".graphBuilder()";
            } else {
                throw new IllegalArgumentException(file + ":" + firstLine
                        + ": a snippet's directive must be 'continues' (after another snippet), 'given …', 'imports …',"
                        + " 'layers' or 'graph', got '" + directive + "'");
            }
        }
        return new Snippet(file, firstLine, List.copyOf(lines), imports, given, continued, receiver);
    }

    private static List<String> parts(String directive, String keyword) {
        return List.of(directive.substring(keyword.length()).split("\\s*;\\s*"));
    }

    /** Returns the place of a line of code, as {@code file:line}. */
    String place(int line) {
        return file + ":" + (firstLine + line);
    }

    @Override
    public String toString() {
        return place(0);
    }
}
