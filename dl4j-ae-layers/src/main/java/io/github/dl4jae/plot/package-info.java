/**
 * Pictures of images, curves, points and vector fields, as {@code BufferedImage} and PNG.
 *
 * <p>All are drawn without a display. {@link io.github.dl4jae.plot.ImageGrid} arranges small gray images, such as
 * originals above reconstructions or learned filters. {@link io.github.dl4jae.plot.CurvePlot}, {@link
 * io.github.dl4jae.plot.ScatterPlot}, {@link io.github.dl4jae.plot.VectorFieldPlot} and {@link
 * io.github.dl4jae.plot.HistogramGrid} draw charts with XChart in one style. Charts and the labels of an image grid
 * need a font on the machine, image grids without labels do not. {@link io.github.dl4jae.plot.PngFile} writes all of
 * them.
 */
@NullMarked
package io.github.dl4jae.plot;

import org.jspecify.annotations.NullMarked;
