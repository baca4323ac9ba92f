/** Examples of time series. */
@NullMarked
package io.github.dl4jae.examples.timeseries;

import org.jspecify.annotations.NullMarked;
