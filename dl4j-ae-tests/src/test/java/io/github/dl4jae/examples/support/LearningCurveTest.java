package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.training.CurvePoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearningCurveTest {

    private static final LearningCurve CURVE = new LearningCurve(
            List.of(new CurvePoint(1, 40, 6, 3, true, 1, 0.5), new CurvePoint(2, 80, 2.5, 1.25, true, 1, 0.25)));

    @TempDir
    private Path directory;

    @Test
    void csv_hasALinePerEpoch() {
        Path file = directory.resolve("curve.csv");

        CURVE.write(file, "100 of digits");

        assertThat(file).content().isEqualToNormalizingNewlines("""
            epoch,train,validation,seconds,data
            1,6.0,3.0,0.5,100 of digits
            2,2.5,1.25,0.25,100 of digits
            """);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void curve_givesItsColumns() {
        assertThat(CURVE.train()).containsExactly(6, 2.5);
        assertThat(CURVE.validation()).containsExactly(3, 1.25);
        assertThat(CURVE.seconds()).isEqualTo(0.75);
        assertThat(CURVE.epochs()).isEqualTo(2);
    }
}
