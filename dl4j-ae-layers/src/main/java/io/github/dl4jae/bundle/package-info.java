/**
 * One file for a trained model and everything that its use needs.
 *
 * <p>{@link io.github.dl4jae.bundle.ModelBundle} stores a network with its updater's state, the schema of its table or
 * its normalizer, the name of the code layer, a threshold, the names of the features and metrics. The file lists the
 * sizes and SHA-256 digests of its entries.
 *
 * <p>Reading treats a file as hostile: it checks the structure of the ZIP file, the sizes, the digests and the class
 * names in the configuration before it interprets any of them, and never uses Java serialization. {@link
 * io.github.dl4jae.bundle.LoadOptions} sets the limits. Files of Deeplearning4j's {@code ModelSerializer} pass through
 * the same checks.
 */
@NullMarked
package io.github.dl4jae.bundle;

import org.jspecify.annotations.NullMarked;
