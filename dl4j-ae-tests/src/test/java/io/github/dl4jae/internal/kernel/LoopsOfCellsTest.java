package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Label;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The loops of gated cells have methods of their own.
 *
 * <p>HotSpot counts the iterations of a loop for the method that contains it. A method with one loop over an array is
 * compiled after a few calls, as a whole. In a method with ten loops each loop is replaced alone while the others are
 * interpreted. With JDK 17, {@code LstmCell} with the loops of a step in one method took ten times as long in the first
 * half second of training. Later the speed is the same: by then C2 has inlined the small methods.
 *
 * <p>This test reads class files. It measures nothing.
 */
class LoopsOfCellsTest {

    /** Returns the number of loops, which are targets of backward branches, by method. */
    private static Map<String, Integer> loops(Class<?> type) throws IOException {
        Map<String, Integer> loops = new TreeMap<>();
        try (InputStream file = type.getResourceAsStream(
                type.getName().substring(type.getPackageName().length() + 1) + ".class")) {
            new ClassReader(file)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access, String name, String descriptor, String generics, String[] thrown) {
                                    return new LoopCounter(count -> loops.put(name + descriptor, count));
                                }
                            },
                            ClassReader.SKIP_DEBUG);
        }
        return loops;
    }

    private static final class LoopCounter extends MethodVisitor {
        private final IntConsumer result;
        private final Set<Label> passed = new HashSet<>();
        private final Set<Label> starts = new HashSet<>();

        LoopCounter(IntConsumer result) {
            super(Opcodes.ASM9);
            this.result = result;
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label target) {
            if (passed.contains(target)) {
                starts.add(target);
            }
        }

        @Override
        public void visitEnd() {
            result.accept(starts.size());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {GatedCell.class, LstmCell.class, GruCell.class, GateActivations.class})
    void methods_ofACell_haveOneLoopAtMost(Class<?> type) throws IOException {
        assertThat(loops(type)).isNotEmpty().allSatisfy((method, count) -> assertThat(count)
                .as("loops of %s.%s, which must have methods of their own", type.getSimpleName(), method)
                .isLessThanOrEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(classes = {LstmCell.class, GruCell.class})
    void steps_ofACell_onlyCallLoops(Class<?> type) throws IOException {
        assertThat(loops(type)).containsEntry("forward([F[FI[F)V", 0).containsEntry("backprop(I[F[F)V", 0);
    }

    @Test
    void loops_ofElementwiseFunctions_areAlone() throws IOException {
        assertThat(loops(FloatFunctions.class))
                .containsEntry("gates([F[F[F[FI)V", 1)
                .containsEntry("tanh([F[FI)V", 1)
                .containsEntry("tanh(F)F", 0)
                .containsEntry("sigmoid([F[FI)V", 0);
    }

    @Test
    void count_isThatOfTheSource() throws IOException {
        assertThat(loops(Counted.class))
                .containsEntry("none(I)I", 0)
                .containsEntry("oneWithContinue(I)I", 1)
                .containsEntry("two(I)I", 2)
                .containsEntry("nested(I)I", 2);
    }

    /** Methods with known numbers of loops. */
    @SuppressWarnings("unused") // read as a class file
    private static final class Counted {
        static int none(int n) {
            return n > 3 ? n : -n;
        }

        static int oneWithContinue(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                if (i % 3 == 0) {
                    continue;
                }
                sum += i;
            }
            return sum;
        }

        static int two(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += i;
            }
            while (sum > n) {
                sum -= n;
            }
            return sum;
        }

        static int nested(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    sum += j;
                }
            }
            return sum;
        }
    }
}
