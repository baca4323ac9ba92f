/**
 * Tables as matrices: CSV files with named columns of numbers and categories.
 *
 * <p>{@link io.github.dl4jae.tabular.TableReader} reads a file, infers the type of each column, imputes missing values,
 * standardizes numbers and encodes categories one-hot. {@link io.github.dl4jae.tabular.FeatureTable} is the result.
 */
@NullMarked
package io.github.dl4jae.tabular;

import org.jspecify.annotations.NullMarked;
