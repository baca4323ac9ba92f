package io.github.dl4jae.tabular;

import java.nio.charset.Charset;

/** A file that is not in the charset with which it was read. */
final class UndecodableTextException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UndecodableTextException(String source, Charset charset, Throwable cause) {
        super(
                "TableReader: " + source + " must be text in " + charset + ", got bytes that are not; set charset(…)"
                        + (charset.equals(FormatDetector.LAST_RESORT)
                                ? " to that of the file"
                                : ", such as windows-1252 for files of Western Europe"),
                cause);
    }
}
