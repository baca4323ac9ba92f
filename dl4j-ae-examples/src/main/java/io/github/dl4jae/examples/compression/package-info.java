/** Lossy compression of images. */
@NullMarked
package io.github.dl4jae.examples.compression;

import org.jspecify.annotations.NullMarked;
