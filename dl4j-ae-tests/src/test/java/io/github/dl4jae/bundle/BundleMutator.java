package io.github.dl4jae.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Damages the bytes of a bundle, by chance and as an attacker would.
 *
 * <p>The seed decides everything. A sixth of the mutations change bytes of the file, a sixth numbers in its headers,
 * and the others its entries. In three quarters of the latter the manifest is made to fit, so that they get past the
 * digests.
 */
final class BundleMutator {

    /**
     * A damaged file.
     *
     * @param bytes its bytes
     * @param signed whether it can be another valid model, with right digests
     * @param steps what was done
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Mutant(byte[] bytes, boolean signed, List<String> steps) {}

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]*\"");
    private static final String[] NUMBERS = {
        "0", "-1", "1", "2147483647", "-2147483648", "4294967296", "9223372036854775807", "1e308", "-1e-320", "1e999",
        "NaN", "\"NaN\"", "null", "true", "[]", "{}", "\"\"", "0.5", "1000000", "100000000000000000000000"
    };
    private static final String[] TEXTS = {
        "\"\"",
        "null",
        "7",
        "[]",
        "{}",
        "\"java.lang.Runtime\"",
        "\"org.nd4j.linalg.activations.impl.ActivationCube\"",
        "\"org.deeplearning4j.nn.conf.layers.DropoutLayer\"",
        "\"org.deeplearning4j.nn.conf.layers.LSTM\"",
        "\"org.deeplearning4j.nn.conf.layers.ConvolutionLayer\"",
        "\"io.github.dl4jae.sparse.WinnerTakeAllLayer\"",
        "\"org.nd4j.linalg.learning.config.AdaGrad\"",
        "\"org.nd4j.linalg.schedule.MapSchedule\"",
        "[\"java.io.File\", \"/etc/passwd\"]",
        "\"@class\"",
        "\"\\u0000\"",
        "\"NONE\"",
        "\"DOUBLE\"",
        "\"in\""
    };
    private static final String[] NAMES = {
        "bundle.json",
        "manifest.json",
        "configuration.json",
        "coefficients.bin",
        "updaterState.bin",
        "schema.json",
        "normalizer.json",
        "preprocessor.bin",
        "../x",
        "/x",
        "a\\b",
        "x",
        ""
    };
    private static final long[] SIZES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff, 22, 1 << 20};

    private final Random random;
    private final List<String> steps = new ArrayList<>();

    private BundleMutator(long seed) {
        this.random = new Random(seed);
    }

    static Mutant mutate(byte[] file, Map<String, byte[]> entries, long seed) throws IOException {
        return new BundleMutator(seed).mutate(file, entries);
    }

    private Mutant mutate(byte[] file, Map<String, byte[]> entries) throws IOException {
        return switch (random.nextInt(6)) {
            case 0 -> new Mutant(damaged(file.clone()), false, steps);
            case 1 -> new Mutant(headers(file.clone()), false, steps);
            default -> forged(entries);
        };
    }

    private byte[] damaged(byte[] bytes) {
        int times = 1 + random.nextInt(3);
        byte[] result = bytes;
        for (int i = 0; i < times && result.length > 0; i++) { // a step can leave out all
            int at = random.nextInt(result.length);
            int length = Math.min(result.length - at, 1 + random.nextInt(64));
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    result[at] ^= (byte) (1 << random.nextInt(8));
                    steps.add("flip a bit at " + at);
                }
                case 2 -> {
                    result[at] = (byte) random.nextInt(256);
                    steps.add("set byte " + at);
                }
                case 3 -> {
                    result = Arrays.copyOf(result, Math.max(1, at));
                    steps.add("cut at " + at);
                }
                case 4 -> {
                    Arrays.fill(result, at, at + length, (byte) 0);
                    steps.add("zeros at " + at);
                }
                case 5 -> {
                    result = joined(result, at, Arrays.copyOfRange(result, at, at + length), at);
                    steps.add("repeat " + length + " bytes at " + at);
                }
                default -> {
                    result = joined(result, at, new byte[0], at + length);
                    steps.add("leave out " + length + " bytes at " + at);
                }
            }
        }
        return result;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        byte[] result = new byte[end + middle.length + bytes.length - start];
        System.arraycopy(bytes, 0, result, 0, end);
        System.arraycopy(middle, 0, result, end, middle.length);
        System.arraycopy(bytes, start, result, end + middle.length, bytes.length - start);
        return result;
    }

    /** Sets numbers in the headers, which random bytes rarely hit. */
    private byte[] headers(byte[] bytes) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] < 9) {
                starts.add(i);
            }
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times; i++) {
            int at = starts.get(random.nextInt(starts.size())) + 4 + random.nextInt(42);
            long value = random.nextBoolean() ? SIZES[random.nextInt(SIZES.length)] : random.nextInt(bytes.length);
            if (at + 4 <= bytes.length) {
                if (random.nextBoolean()) {
                    buffer.putShort(at, (short) value);
                } else {
                    buffer.putInt(at, (int) value);
                }
                steps.add("set header at " + at + " to " + value);
            }
        }
        return bytes;
    }

    private Mutant forged(Map<String, byte[]> original) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(original);
        boolean signed = random.nextInt(4) > 0;
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times && !entries.isEmpty(); i++) {
            List<String> names = new ArrayList<>(entries.keySet());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    String other = names.get(random.nextInt(names.size()));
                    byte[] contents = entries.get(name);
                    entries.put(name, entries.get(other));
                    entries.put(other, contents);
                    steps.add("swap " + name + " and " + other);
                }
                case 1 -> {
                    String other = NAMES[random.nextInt(NAMES.length)];
                    entries.put(other, entries.remove(name));
                    steps.add("rename " + name + " to " + other);
                }
                case 2 -> {
                    entries.remove(name);
                    steps.add("remove " + name);
                }
                case 3 -> {
                    if (entries.get(name).length > 0) {
                        entries.put(name, damaged(entries.get(name).clone()));
                    }
                    steps.add("in " + name);
                }
                default -> {
                    List<String> texts = names.stream()
                            .filter(each -> each.endsWith(".json"))
                            .toList();
                    if (!texts.isEmpty()) {
                        String text = texts.get(random.nextInt(texts.size()));
                        String json = new String(entries.get(text), StandardCharsets.UTF_8);
                        entries.put(text, json(text, json).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        boolean hasManifest = entries.containsKey("manifest.json");
        if (signed && hasManifest) {
            sign(entries);
        }
        ZipForge forge = ZipForge.of(entries);
        if (!forge.parts.isEmpty() && random.nextInt(6) == 0) {
            structure(forge);
        }
        // without a manifest the CRC-32 of the forged file is right, and there is nothing else to sign
        return new Mutant(forge.bytes(), signed || !hasManifest, steps);
    }

    private void sign(Map<String, byte[]> entries) {
        try {
            ZipForge.sign(entries);
            steps.add("sign");
        } catch (IOException | RuntimeException | StackOverflowError e) {
            steps.add("not signed: the manifest is no JSON");
        }
    }

    private void structure(ZipForge forge) {
        ZipForge.Part part = forge.parts.get(random.nextInt(forge.parts.size()));
        switch (random.nextInt(6)) {
            case 0 -> forge.add(part.name, new byte[] {1, 2, 3});
            case 1 -> part.declare(SIZES[random.nextInt(SIZES.length)]);
            case 2 -> part.data = ZipForge.deflate(new byte[8 << 20]);
            case 3 -> part.localName = "bundle.json";
            case 4 -> part.listed = false;
            default -> part.gap = new byte[1 + random.nextInt(40)];
        }
        steps.add("wrong structure of " + part.name);
    }

    private String json(String name, String text) {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                return replaced(name, text, NUMBER, NUMBERS);
            }
            case 2, 3 -> {
                return replaced(name, text, TEXT, TEXTS);
            }
            case 4 -> {
                int brace = place(text, '{');
                int depth = 1 << random.nextInt(20);
                steps.add("nest " + depth + " deep in " + name);
                return text.substring(0, brace) + "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + ","
                        + text.substring(brace + 1);
            }
            default -> {
                // the same line twice, or not at all
                String[] lines = text.split("\n", -1);
                int line = random.nextInt(lines.length);
                List<String> changed = new ArrayList<>(List.of(lines));
                if (random.nextBoolean()) {
                    changed.add(line, lines[line]);
                } else {
                    changed.remove(line);
                }
                steps.add("line " + line + " of " + name);
                return String.join("\n", changed);
            }
        }
    }

    private int place(String text, char wanted) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == wanted) {
                places.add(i);
            }
        }
        return places.isEmpty() ? 0 : places.get(random.nextInt(places.size()));
    }

    private String replaced(String name, String text, Pattern pattern, String[] values) {
        List<int[]> places = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            places.add(new int[] {matcher.start(), matcher.end()});
        }
        if (places.isEmpty()) {
            return text;
        }
        int[] place = places.get(random.nextInt(places.size()));
        int[] other = places.get(random.nextInt(places.size()));
        String value =
                random.nextInt(3) == 0 ? text.substring(other[0], other[1]) : values[random.nextInt(values.length)];
        steps.add("in " + name + ": " + text.substring(place[0], place[1]) + " becomes " + value);
        return text.substring(0, place[0]) + value + text.substring(place[1]);
    }
}
