package io.github.dl4jae.convolutional;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * The patches of sequences in ND4J's operations, for any type and backend.
 *
 * <pre>
 * P(x)_{n,t,i,c} = x_{n, t·s + i·d − p, c}, or 0 outside of the sequence
 * </pre>
 */
final class SequencePatches {

    private SequencePatches() {}

    /** Returns the patches {@code [N·T′, k·C]} of sequences {@code [N, T, C]}. */
    static INDArray of(ConvolutionShape shape, INDArray x) {
        long n = x.size(0);
        INDArray patches =
                Nd4j.zeros(x.dataType(), n, shape.outputHeight(), shape.kernelHeight(), shape.channels()); // 'c' order
        for (int i = 0; i < shape.kernelHeight(); i++) {
            if (first(shape, i) <= last(shape, i)) {
                inPatches(patches, shape, i).assign(inSequences(x, shape, i));
            }
        }
        return patches.reshape('c', n * shape.outputHeight(), shape.patch());
    }

    /** Returns the sequences {@code [N, T, C]} to which patches add their values. */
    static INDArray sum(ConvolutionShape shape, INDArray patches) {
        long n = patches.size(0) / shape.outputHeight();
        INDArray each = patches.dup('c').reshape('c', n, shape.outputHeight(), shape.kernelHeight(), shape.channels());
        INDArray x = Nd4j.zeros(patches.dataType(), n, shape.height(), shape.channels());
        for (int i = 0; i < shape.kernelHeight(); i++) {
            if (first(shape, i) <= last(shape, i)) {
                inSequences(x, shape, i).addi(inPatches(each, shape, i));
            }
        }
        return x;
    }

    private static INDArray inPatches(INDArray patches, ConvolutionShape shape, int i) {
        INDArrayIndex steps = interval(first(shape, i), last(shape, i) + 1);
        return patches.get(all(), steps, point(i), all());
    }

    private static INDArray inSequences(INDArray x, ConvolutionShape shape, int i) {
        int from = step(shape, first(shape, i), i);
        int to = step(shape, last(shape, i), i);
        // ND4J doubles the end of an interval of one step whose stride is 2
        int stride = from == to ? 1 : shape.strideHeight();
        return x.get(all(), interval(from, stride, to + 1), all());
    }

    /** Returns the step of the sequence that value i of the patch at an output step was copied from. */
    private static int step(ConvolutionShape shape, int output, int i) {
        return output * shape.strideHeight() + i * shape.dilationHeight() - shape.top();
    }

    /** Returns the first output step whose value i lies in the sequence. */
    private static int first(ConvolutionShape shape, int i) {
        int before = Math.max(0, -step(shape, 0, i));
        return (before + shape.strideHeight() - 1) / shape.strideHeight();
    }

    /** Returns the last output step whose value i lies in the sequence. */
    private static int last(ConvolutionShape shape, int i) {
        return Math.min(
                shape.outputHeight() - 1, Math.floorDiv(shape.height() - 1 - step(shape, 0, i), shape.strideHeight()));
    }
}
