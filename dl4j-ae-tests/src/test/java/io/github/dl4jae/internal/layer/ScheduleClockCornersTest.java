package io.github.dl4jae.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleClockCornersTest {

    private static TrainingTime time(int iteration, int epoch) {
        return new TrainingTime(iteration, epoch);
    }

    @Test
    void countsThatAreIntact_areTheTime() {
        ScheduleClock clock = new ScheduleClock();
        assertThat(clock.at(time(7, 2), 7, 2, false)).isEqualTo(time(7, 2));
        assertThat(clock.hasTrained()).isFalse();
        assertThat(clock.at(time(7, 2), 8, 2, true)).isEqualTo(time(8, 2));
        assertThat(clock.hasTrained()).isTrue();
        assertThat(clock.at(time(8, 2), 9, 3, false)).isEqualTo(time(9, 3));
    }

    @Test
    void countsOfANewNetwork_areTheTime() {
        ScheduleClock clock = new ScheduleClock();
        assertThat(clock.at(TrainingTime.START, 0, 0, true)).isEqualTo(TrainingTime.START);
        assertThat(clock.at(TrainingTime.START, 1, 0, true)).isEqualTo(time(1, 0));
    }

    /** What was reached stays until the layer trains, and from then on the counts are added to it. */
    @Test
    void countsThatWereDropped_areAddedToWhatIsRemembered() {
        ScheduleClock clock = new ScheduleClock();
        TrainingTime remembered = time(10, 2);
        assertThat(clock.at(remembered, 0, 0, false)).isEqualTo(remembered);
        assertThat(clock.at(remembered, 0, 0, true)).isEqualTo(remembered);
        assertThat(clock.at(remembered, 1, 0, true)).isEqualTo(time(11, 2));
        assertThat(clock.at(time(11, 2), 5, 1, false)).isEqualTo(time(15, 3));
    }

    /** The network trains, this layer does not. */
    @Test
    void timeOfAFrozenLayer_standsStill() {
        ScheduleClock clock = new ScheduleClock();
        TrainingTime remembered = time(10, 2);
        for (int iteration = 0; iteration < 5; iteration++) {
            assertThat(clock.at(remembered, iteration, 0, false)).isEqualTo(remembered);
        }
        assertThat(clock.hasTrained()).isFalse();
    }

    @Test
    void countsThatAreSetBack_startAgain() {
        ScheduleClock clock = new ScheduleClock();
        clock.at(TrainingTime.START, 6, 1, true);
        assertThat(clock.at(time(6, 1), 0, 0, true)).isEqualTo(TrainingTime.START);
        assertThat(clock.at(time(6, 1), 2, 0, false)).isEqualTo(time(2, 0));

        ScheduleClock dropped = new ScheduleClock();
        dropped.at(time(10, 0), 0, 0, true);
        dropped.at(time(10, 0), 3, 0, true);
        assertThat(dropped.at(time(13, 0), 1, 0, true)).isEqualTo(time(1, 0));
    }
}
