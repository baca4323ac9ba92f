/**
 * Tables as matrices: text files with columns of numbers, categories and dates.
 *
 * <p>{@link io.github.dl4jae.tabular.TableReader} detects how a file is written, infers the kind of each column and
 * reads the file. The {@link io.github.dl4jae.tabular.TableSchema} has the kinds and statistics. It encodes other files
 * and single rows in the same way, turns features back into values in the units of the file, and is stored beside a
 * model. {@link io.github.dl4jae.tabular.FeatureTable} is the matrix in memory, with an iterator over its
 * mini-batches, and {@link io.github.dl4jae.tabular.TableIterator} reads mini-batches of files that do not fit into it.
 */
@NullMarked
package io.github.dl4jae.tabular;

import org.jspecify.annotations.NullMarked;
