/**
 * The command {@code dl4j-ae}: fits an autoencoder to a table or to images, and scores, encodes and reconstructs others
 * with it.
 *
 * <pre>
 * dl4j-ae fit --csv sensors.csv --kind k-sparse --out m.zip
 * dl4j-ae score --model m.zip --csv new.csv --out scores.csv
 * </pre>
 *
 * <p>{@link io.github.dl4jae.cli.FitData} and {@link io.github.dl4jae.cli.TrainedModel} have one implementation for
 * tables and one for images. Commands know these interfaces only.
 *
 * <p>Each subcommand is a class. {@link io.github.dl4jae.cli.Main} puts them together, and turns exceptions into one
 * line and an exit status: 0 for success, 1 for input that is refused and for work that fails, 2 for usage.
 */
@NullMarked
package io.github.dl4jae.cli;

import org.jspecify.annotations.NullMarked;
