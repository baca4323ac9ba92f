package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The architectures of SAELens that a {@link SparseDictionary} can compute. */
enum SaeLensArchitecture {
    STANDARD(Codes.RELU, false, false),
    TOPK(Codes.TOPK, false, false),
    JUMPRELU(Codes.JUMPRELU, false, false),
    GATED(Codes.GATED, false, false),
    TRANSCODER(Codes.RELU, true, false),
    SKIP_TRANSCODER(Codes.RELU, true, true),
    JUMPRELU_TRANSCODER(Codes.JUMPRELU, true, false),
    JUMPRELU_SKIP_TRANSCODER(Codes.JUMPRELU, true, true);

    /** How pre-activations become codes. */
    enum Codes {
        RELU,
        TOPK,
        JUMPRELU,
        GATED
    }

    private final Codes codes;
    private final boolean transcoder;
    private final boolean skip;

    SaeLensArchitecture(Codes codes, boolean transcoder, boolean skip) {
        this.codes = codes;
        this.transcoder = transcoder;
        this.skip = skip;
    }

    /** Returns the name in cfg.json. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Codes codes() {
        return codes;
    }

    boolean isTranscoder() {
        return transcoder;
    }

    boolean hasSkip() {
        return skip;
    }

    static Optional<SaeLensArchitecture> named(String key) {
        return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
    }

    /** Finds the architecture with these properties. */
    static Optional<SaeLensArchitecture> of(Codes codes, boolean transcoder, boolean skip) {
        return Arrays.stream(values())
                .filter(each -> each.codes == codes && each.transcoder == transcoder && each.skip == skip)
                .findFirst();
    }

    static String keys() {
        return Arrays.stream(values()).map(SaeLensArchitecture::key).toList().toString();
    }
}
