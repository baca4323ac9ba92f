/**
 * Feature selection: keep k of d columns, with or without training a network.
 *
 * <pre>
 * min over S ⊂ {1, …, d} with |S| = k of  min over f of  1/(N d) Σ_i ‖x_i − f(x_iS)‖²
 * </pre>
 *
 * For linear f this is the column subset selection problem. {@link io.github.dl4jae.selection.FeatureSelector} is the
 * interface of all methods. {@link io.github.dl4jae.selection.LinearReconstruction} evaluates a selection for linear f,
 * {@link io.github.dl4jae.selection.SupervisedHead} by the accuracy of a classifier. Tables with named columns come from
 * {@link io.github.dl4jae.tabular.TableReader}; selecting from one gives names, and a DataVec {@code TransformProcess}
 * for production.
 */
package io.github.dl4jae.selection;
