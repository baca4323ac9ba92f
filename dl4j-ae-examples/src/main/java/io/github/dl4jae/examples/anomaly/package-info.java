/**
 * Anomaly detection.
 */
package io.github.dl4jae.examples.anomaly;
