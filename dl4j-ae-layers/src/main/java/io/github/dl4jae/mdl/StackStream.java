package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.CodedStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/**
 * Examples on a stack, as a stream: a checksum of the examples and other numbers, then the words of the stack.
 *
 * <p>The last example is popped first. The decoder must end at the bits that the encoder began with, and at the
 * checksum, and so notices other numbers than those of the encoder.
 */
final class StackStream {

    private final String subject;
    private final int[] header;
    private final int[] words;

    private StackStream(String subject, int[] header, int[] words) {
        this.subject = subject;
        this.header = header;
        this.words = words;
    }

    /** The checksum of examples, in their order. */
    static final class Checksum {
        private final CRC32C sum = new CRC32C();

        void add(int[] example) {
            sum.update(ByteBuffer.wrap(CodedStream.bytes(example)));
        }
    }

    /** Returns the bytes of a stream. */
    static byte[] write(String kind, Checksum checksum, int[] numbers, AnsStack stack) {
        int[] header = new int[numbers.length + 1];
        header[0] = (int) checksum.sum.getValue();
        System.arraycopy(numbers, 0, header, 1, numbers.length);
        return CodedStream.of(kind, CodedStream.bytes(header), CodedStream.bytes(stack.toWords()))
                .toBytes();
    }

    /** Parses a stream with a number of numbers in its header, and refuses all else. */
    static StackStream parse(String subject, String kind, byte[] bytes, int fewest, int most) {
        CodedStream stream = CodedStream.parse(bytes, kind);
        check(subject, stream.size() == 2, "the stream must have a header and a stack", stream.size() + " sections");
        int[] header = stream.words(0);
        int numbers = header.length - 1;
        check(
                subject,
                numbers >= fewest && numbers <= most,
                "the header must have " + fewest + (most == fewest ? "" : " to " + most) + " numbers",
                numbers);
        return new StackStream(subject, header, stream.words(1));
    }

    /** Returns a number of the header. */
    int number(int index) {
        return header[index + 1];
    }

    /** Returns how many numbers the header has. */
    int numbers() {
        return header.length - 1;
    }

    /** Returns a stack with the words of the stream. */
    AnsStack stack() {
        return AnsStack.of(words);
    }

    /**
     * Returns the examples in their order.
     *
     * @param count of examples
     * @param stack the words on a stack
     * @param beginning the stack that the encoder began with
     * @param pop pops the example of an index from the stack
     */
    List<int[]> examples(int count, AnsStack stack, AnsStack beginning, IntFunction<int[]> pop) {
        List<int[]> examples = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            examples.add(pop.apply(i));
        }
        require(
                Arrays.equals(stack.toWords(), beginning.toWords()),
                "the stack must end at the bits that it began with",
                "other bits, as from a damaged stream or another model");
        Collections.reverse(examples);
        Checksum found = new Checksum();
        examples.forEach(found::add);
        require((int) found.sum.getValue() == header[0], "the examples must have their checksum", "another");
        return examples;
    }

    /** Refuses the stream where a requirement does not hold. */
    void require(boolean holds, String requirement, Object got) {
        check(subject, holds, requirement, got);
    }

    private static void check(String subject, boolean holds, String requirement, Object got) {
        if (!holds) {
            throw new DL4JInvalidInputException(subject + ": " + requirement + ", got " + got);
        }
    }
}
