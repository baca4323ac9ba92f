package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * A vector in a Java array of the type of its network: float32, or float64 for all other types. Code that is written
 * against it, such as sums over the few active rows of a weight matrix, runs at the speed of primitive loops in float32
 * and passes gradient checks in float64.
 *
 * <p>Vectors are not thread-safe. All vectors of a computation have one type.
 */
public abstract sealed class RowVector permits FloatVector, DoubleVector {

    /**
     * Creates a vector of zeros.
     *
     * @param type of the network's parameters
     * @param length the number of values
     * @return a new vector
     */
    public static RowVector of(DataType type, int length) {
        return type == DataType.FLOAT ? new FloatVector(length) : new DoubleVector(length);
    }

    /**
     * Returns the number of values.
     *
     * @return at least 0
     */
    public abstract int length();

    /**
     * Returns a value.
     *
     * @param i its index
     * @return the value
     */
    public abstract double get(int i);

    /**
     * Sets a value.
     *
     * @param i its index
     * @param value rounded to the type of the vector
     */
    public abstract void set(int i, double value);

    /** Sets all values to 0. */
    public abstract void clear();

    /**
     * Copies another vector.
     *
     * @param from of the same length
     */
    public abstract void copy(RowVector from);

    /**
     * Adds another vector.
     *
     * @param other of the same length
     */
    public abstract void add(RowVector other);

    /**
     * Adds a multiple of another vector.
     *
     * @param factor of the other vector
     * @param other of the same length
     */
    public abstract void add(double factor, RowVector other);

    /**
     * Multiplies all values.
     *
     * @param factor of this vector
     */
    public abstract void scale(double factor);

    /**
     * Returns the inner product with another vector. It uses memory of this vector, so that several threads can pass
     * the same argument but not share the receiver.
     *
     * @param other of the same length; may be this vector
     * @return the sum of the products
     */
    public abstract double dot(RowVector other);

    /**
     * Finds the values above a floor, and NaN.
     *
     * @param floors a floor per value
     * @param found receives the indices, in ascending order; at least as long as the vector
     * @return their number
     */
    public abstract int above(RowVector floors, int[] found);

    /**
     * Finds the largest values. Among equal values those with the lowest index win. NaN is larger than all.
     *
     * @param k their number, at most the length
     * @param found receives the indices, in no particular order
     */
    public abstract void largest(int k, int[] found);

    /** Replaces all values by their magnitudes. */
    public abstract void absolute();

    /**
     * Makes a step of Adam: this vector is the gradient g and becomes the step.
     *
     * <pre>
     * m ← β₁ m + (1 − β₁) g        v ← decay·v + (1 − β₂) g²        g ← rate·m/(√v + ε)
     * </pre>
     *
     * @param m the running mean
     * @param v the running mean square
     * @param beta1 β₁
     * @param beta2 β₂
     * @param decay of v, a power of β₂
     * @param rate the learning rate with its corrections
     * @param epsilon ε
     */
    public abstract void adamStep(
            RowVector m, RowVector v, double beta1, double beta2, double decay, double rate, double epsilon);

    abstract void read(RowMatrix matrix, int row);

    abstract void write(RowMatrix matrix, int row);
}
