/**
 * Feature selection: keep k of d columns, with or without training a network.
 *
 * <pre>
 * min over S ⊂ {1, …, d} with |S| = k of  min over f of  1/(N d) Σ_i ‖x_i − f(x_iS)‖²
 * </pre>
 *
 * <p>For linear f this is the column subset selection problem. {@link io.github.dl4jae.selection.FeatureSelector} is
 * the interface of all methods. {@link io.github.dl4jae.selection.LinearReconstruction} evaluates a selection by
 * linear f, and {@link io.github.dl4jae.selection.SupervisedHead} by a classifier. {@link
 * io.github.dl4jae.tabular.TableReader} reads tables with named columns. A selection from such a table has names, and a
 * DataVec {@code TransformProcess} for production.
 */
@NullMarked
package io.github.dl4jae.selection;

import org.jspecify.annotations.NullMarked;
