package io.github.dl4jae.training;

/**
 * A point of the learning curve: the scores at the end of an epoch, or after a given number of steps.
 *
 * @param epoch the number of completed epochs
 * @param step the number of completed steps
 * @param training the mean score of the mini-batches since the last point
 * @param validation the validation score; NaN without validation
 * @param best whether the validation score is the best so far; false without validation
 * @param rateFactor the factor by which a plateau has reduced the learning rates so far; 1 if it has not
 * @param seconds the duration since the last point, validation included
 */
public record CurvePoint(
        int epoch, long step, double training, double validation, boolean best, double rateFactor, double seconds) {}
