/**
 * Pictures of images, curves and points, as {@code BufferedImage} and PNG.
 *
 * <p>Drawn without a display or a toolkit window. {@link io.github.dl4jae.plot.ImageGrid} lays small gray images out side by
 * side: originals above reconstructions, learned filters. {@link io.github.dl4jae.plot.CurvePlot} and {@link
 * io.github.dl4jae.plot.ScatterPlot} draw charts with XChart in one style; they need a font on the machine, image grids do
 * not. {@link io.github.dl4jae.plot.PngFile} writes any of them.
 */
package io.github.dl4jae.plot;
