package io.github.dl4jae.tabular;

import java.nio.charset.Charset;
import java.nio.file.Path;

/** A file that is not in the charset with which it was read. */
final class UndecodableTextException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UndecodableTextException(Path file, Charset charset, Throwable cause) {
        super(
                "TableReader: " + file + " must be text in " + charset + ", got bytes that are not; set charset(…)"
                        + (charset.equals(FormatDetector.LAST_RESORT)
                                ? " to that of the file"
                                : ", such as windows-1252 for files of Western Europe"),
                cause);
    }
}
