package io.github.dl4jae.examples.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Texts and their translations.
 *
 * @param name of the data
 * @param sources texts
 * @param targets a text for each source
 */
public record TextPairs(String name, List<String> sources, List<String> targets) {

    /**
     * Reads pairs from a file of tab-separated values.
     *
     * @param file with a source and a target in the first two columns of each line; further columns are ignored
     * @param seed of their order
     * @return the pairs in random order
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line has no tab
     */
    public static TextPairs read(Path file, long seed) throws IOException {
        List<String> lines = Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .toList();
        List<String> sources = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        for (String line : lines) {
            String[] columns = line.split("\t", -1);
            if (columns.length < 2 || columns[0].isBlank()) {
                throw new IllegalArgumentException(
                        "--pairs: each line must have a source, a tab and a target, got \"" + line + "\" in " + file);
            }
            sources.add(columns[0].strip());
            targets.add(columns[1].strip());
        }
        return new TextPairs(file.getFileName().toString(), sources, targets).shuffled(seed);
    }

    /**
     * Returns the pairs in random order.
     *
     * @param seed of the order
     * @return the same pairs
     */
    public TextPairs shuffled(long seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return new TextPairs(
                name,
                order.stream().map(sources::get).toList(),
                order.stream().map(targets::get).toList());
    }

    /**
     * Returns some of the pairs.
     *
     * @param from the first
     * @param to the one after the last; at most the number of pairs is taken
     * @return a part
     */
    public TextPairs part(int from, int to) {
        int end = Math.min(to, size());
        int begin = Math.min(from, end);
        return new TextPairs(name, sources.subList(begin, end), targets.subList(begin, end));
    }

    /**
     * Returns the pairs whose source begins with a prefix.
     *
     * @param prefix of sources
     * @return a part
     */
    public TextPairs startingWith(String prefix) {
        int[] rows = IntStream.range(0, size())
                .filter(i -> sources.get(i).startsWith(prefix))
                .toArray();
        return new TextPairs(
                name,
                IntStream.of(rows).mapToObj(sources::get).toList(),
                IntStream.of(rows).mapToObj(targets::get).toList());
    }

    /**
     * Returns the number of pairs.
     *
     * @return at least 0
     */
    public int size() {
        return sources.size();
    }
}
