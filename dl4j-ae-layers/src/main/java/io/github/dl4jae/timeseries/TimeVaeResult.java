package io.github.dl4jae.timeseries;

import io.github.dl4jae.training.TrainingResult;

/**
 * A trained TimeVAE.
 *
 * @param model generates, imputes and forecasts
 * @param training the course of the training
 */
public record TimeVaeResult(TimeVaeModel model, TrainingResult training) {}
