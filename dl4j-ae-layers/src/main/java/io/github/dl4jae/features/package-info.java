/**
 * Choosing columns: of images, of tables, with or without a network.
 *
 * <p>The task: of d columns keep k, S ⊂ {1, …, d}, such that the others follow from them,
 *
 * <pre>
 * min over S with |S| = k of  min over f of  1/(N d) Σ_i ‖x_i − f(x_iS)‖²
 * </pre>
 *
 * for linear f the column subset selection problem. {@link io.github.dl4jae.features.FeatureSelector} is the one interface of all methods; {@link
 * io.github.dl4jae.features.LinearReconstruction} evaluates for linear f, {@link io.github.dl4jae.features.SupervisedHead} by what a classifier makes of the columns. {@link
 * io.github.dl4jae.features.TableReader} reads tables with named columns of numbers and categories; {@link io.github.dl4jae.features.FeatureTable#select} answers with names, and a DataVec {@code TransformProcess} for
 * production.
 */
package io.github.dl4jae.features;
