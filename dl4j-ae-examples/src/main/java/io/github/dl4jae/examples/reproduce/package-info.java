/**
 * Published figures, measured again by the recipes of the papers.
 */
package io.github.dl4jae.examples.reproduce;
