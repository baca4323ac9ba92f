package io.github.dl4jae.docs;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles snippets in memory, all in one run of the compiler, and maps its messages to lines of the pages.
 *
 * <p>A snippet becomes a method of a class whose imports are those of the snippet. Variables that are given are fields
 * of its superclass, which imports the packages that their types come from: the snippet itself declares what it uses.
 */
final class SnippetCompiler {

    /** Where the types of given variables are looked for. */
    private static final List<String> CONTEXT = List.of(
            "io.github.dl4jae.*",
            "io.github.dl4jae.anomaly.*",
            "io.github.dl4jae.bundle.*",
            "io.github.dl4jae.data.*",
            "io.github.dl4jae.dictionary.*",
            "io.github.dl4jae.sparsecoding.*",
            "io.github.dl4jae.pretraining.*",
            "io.github.dl4jae.variational.*",
            "java.nio.file.Path",
            "org.deeplearning4j.nn.conf.*",
            "org.deeplearning4j.nn.conf.layers.*",
            "org.deeplearning4j.nn.graph.ComputationGraph",
            "org.deeplearning4j.nn.multilayer.MultiLayerNetwork",
            "org.nd4j.linalg.api.ndarray.INDArray",
            "org.nd4j.linalg.dataset.api.iterator.*");

    private static final Pattern IMPORT = Pattern.compile("^\\s*import (?:static )?[\\w.]+\\.(\\w+);\\s*(?://.*)?$");

    private SnippetCompiler() {}

    /** Returns the messages about each snippet, as {@code file:line: message}; none if it compiles. */
    static Map<Snippet, List<String>> compile(List<Snippet> snippets) throws IOException {
        Map<Snippet, List<String>> messages = new HashMap<>();
        List<Source> sources = new ArrayList<>();
        for (Snippet snippet : snippets) {
            messages.put(snippet, new ArrayList<>(unusedImports(snippet)));
            sources.add(Source.given(snippet, sources.size()));
            sources.add(Source.code(snippet, sources.size() - 1));
        }
        if (sources.isEmpty()) {
            return messages;
        }
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics(sources)) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                Source source = (Source) diagnostic.getSource();
                messages.get(source.snippet)
                        .add(source.place(diagnostic.getLineNumber()) + ": " + diagnostic.getMessage(Locale.ROOT));
            }
        }
        return messages;
    }

    private static List<Diagnostic<? extends JavaFileObject>> diagnostics(List<Source> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(collector, Locale.ROOT, null)) {
            // surefire starts the JVM with a jar whose manifest lists the class path
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            JavacTask task = (JavacTask) compiler.getTask(
                    new StringWriter(),
                    files,
                    collector,
                    List.of(
                            "-proc:none",
                            "-implicit:none",
                            "--should-stop=ifError=FLOW",
                            "-Xmaxerrs",
                            "1000",
                            "-cp",
                            classPath),
                    null,
                    sources);
            task.analyze(); // types and flow, without class files
        }
        return collector.getDiagnostics();
    }

    private static List<String> unusedImports(Snippet snippet) {
        String code = snippet.lines().stream()
                .filter(line -> !IMPORT.matcher(line).matches())
                .collect(Collectors.joining("\n"));
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < snippet.lines().size(); i++) {
            Matcher line = IMPORT.matcher(snippet.lines().get(i));
            if (line.matches()
                    && !Pattern.compile("\\b" + line.group(1) + "\\b")
                            .matcher(code)
                            .find()) {
                messages.add(snippet.place(i) + ": the snippet must use what it imports, got an unused "
                        + snippet.lines().get(i));
            }
        }
        return messages;
    }

    /** A generated class, with the place that each of its lines comes from. */
    private static final class Source extends SimpleJavaFileObject {

        private final Snippet snippet;
        private final List<String> lines = new ArrayList<>();
        private final List<String> places = new ArrayList<>();

        private Source(Snippet snippet, String name) {
            super(URI.create("string:///snippets/" + name + ".java"), Kind.SOURCE);
            this.snippet = snippet;
            add("package snippets;");
        }

        /** The variables of a snippet and of those that it continues. */
        static Source given(Snippet snippet, int number) {
            Source source = new Source(snippet, "Given" + number);
            CONTEXT.forEach(name -> source.add("import " + name + ";"));
            source.add("@SuppressWarnings(\"all\") abstract class Given" + number + " {");
            Set<String> variables = new LinkedHashSet<>();
            chain(snippet).forEach(part -> variables.addAll(part.given()));
            variables.forEach(variable -> source.add(variable + ";"));
            source.add("}");
            return source;
        }

        /** The code of the snippets that a snippet continues, and its own. */
        static Source code(Snippet snippet, int number) {
            Source source = new Source(snippet, "Snippet" + number);
            for (Snippet part : chain(snippet)) {
                part.imports().forEach(name -> source.add("import " + name + ";"));
                source.addLines(part, true);
            }
            source.add("@SuppressWarnings(\"all\") abstract class Snippet" + number + " extends Given" + number + " {");
            source.add("void run() throws Exception {");
            for (Snippet part : chain(snippet)) {
                source.add(part.receiver() == null ? "" : "var receiver" + part.firstLine() + " = " + part.receiver());
                source.addLines(part, false);
                source.add(part.receiver() == null ? "" : ";");
            }
            source.add("}}");
            return source;
        }

        private static List<Snippet> chain(Snippet snippet) {
            List<Snippet> chain = new ArrayList<>();
            for (Snippet part = snippet; part != null; part = part.continued()) {
                chain.add(0, part);
            }
            return chain;
        }

        private void addLines(Snippet part, boolean imports) {
            for (int i = 0; i < part.lines().size(); i++) {
                String line = part.lines().get(i);
                if (IMPORT.matcher(line).matches() == imports) {
                    lines.add(line);
                    places.add(part.place(i));
                }
            }
        }

        private void add(String line) {
            lines.add(line);
            places.add(snippet.place(0));
        }

        String place(long line) {
            return places.get((int) Math.max(0, Math.min(line - 1, places.size() - 1)));
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return String.join("\n", lines);
        }
    }
}
