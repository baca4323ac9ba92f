package io.github.dl4jae.mdl;

/**
 * Examples as a stream of bytes, with the ledger of its bits. Immutable.
 *
 * <p>The first code is chosen with random bits that no earlier example has left. They are a part of the stream, and of
 * the ledger's overhead; {@link #seedBits} has them apart, because a longer sequence pays them only once.
 */
public final class CodedExamples {

    private final byte[] bytes;
    private final int count;
    private final int features;
    private final DescriptionLength ledger;
    private final double seedBits;

    /** Takes ownership of the array. */
    CodedExamples(byte[] bytes, int count, int features, DescriptionLength ledger, double seedBits) {
        this.bytes = bytes;
        this.count = count;
        this.features = features;
        this.ledger = ledger;
        this.seedBits = seedBits;
    }

    /**
     * Returns the stream, which {@link BitsBackCode#decompress} decodes.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the number of examples.
     *
     * @return N
     */
    public int count() {
        return count;
    }

    /**
     * Returns the number of features of an example.
     *
     * @return d
     */
    public int features() {
        return features;
    }

    /**
     * Returns what the bits were spent for. The total is the length of the stream.
     *
     * @return bits of all examples together
     */
    public DescriptionLength ledger() {
        return ledger;
    }

    /**
     * Returns the random bits that the stream began with.
     *
     * @return bits, a part of the overhead
     */
    public double seedBits() {
        return seedBits;
    }

    /**
     * Returns the length of the stream per feature.
     *
     * @return bits, container and seed included
     */
    public double bitsPerFeature() {
        return 8.0 * bytes.length / ((double) count * features);
    }

    /**
     * Returns the length of the stream per feature, without the random bits of the first code.
     *
     * @return bits, container included
     */
    public double bitsPerFeatureWithoutSeed() {
        return (8.0 * bytes.length - seedBits) / ((double) count * features);
    }

    /** Returns the size, as in {@code CodedExamples(100 examples, 1234 bytes)}. */
    @Override
    public String toString() {
        return "CodedExamples(" + count + " examples, " + bytes.length + " bytes)";
    }
}
