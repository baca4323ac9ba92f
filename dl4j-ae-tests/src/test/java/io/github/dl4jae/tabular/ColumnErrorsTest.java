package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.likelihood.LossMixed;
import io.github.dl4jae.likelihood.LossPoissonNll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Hidden values, their imputation by a model, and its errors in the units of the file. */
class ColumnErrorsTest {

    private static final String ANIMALS = """
            kind;weight;legs;tame
            cat;4.0;4;yes
            dog;20.0;4;yes
            cat;6.0;4;yes
            bird;0.5;2;no
            cat;;4;
            """;

    @TempDir
    private Path directory;

    private FeatureTable table;

    @BeforeEach
    void read() throws IOException {
        table = new TableReader.Builder()
                .counts("legs")
                .build()
                .read(Files.writeString(directory.resolve("table.csv"), ANIMALS));
    }

    @Test
    void errors_areInTheUnitsOfTheFile() {
        INDArray found = table.features().dup();
        found.getRow(0).assign(table.features().getRow(1)); // the first cat is taken for the dog
        found.putScalar(3, table.names().indexOf("legs"), 3);

        List<ColumnErrors> errors = ColumnErrors.compute(
                table.schema(), table.features(), found, table.present().orElseThrow());

        assertThat(errors).extracting(ColumnErrors::column).containsExactly("kind", "weight", "legs", "tame");
        assertThat(errors).extracting(ColumnErrors::isQuantity).containsExactly(false, true, true, false);
        assertThat(errors).extracting(ColumnErrors::cells).containsExactly(5L, 4L, 5L, 4L);
        assertThat(errors.get(0).error()).isEqualTo(1 / 5.0);
        assertThat(errors.get(0).typicalError()).as("the most frequent is cat").isEqualTo(2 / 5.0);
        assertThat(errors.get(1).error()).isCloseTo(16 / 4.0, within(1e-5));
        // the median of 0.5, 4, 6, 20 is 5
        assertThat(errors.get(1).typicalError()).isCloseTo((1 + 15 + 1 + 4.5) / 4, within(1e-5));
        assertThat(errors.get(2).error()).isEqualTo(1 / 5.0);
        assertThat(errors.get(3).error()).isZero();
        assertThatThrownBy(() -> ColumnErrors.compute(table.schema(), table.features(), Nd4j.ones(5, 2), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all arrays must have the shape [5, 6], got [5, 2]");
    }

    @Test
    void hiddenValues_areReplacedAndMasked() {
        FeatureTable none = table.withHidden(0, 1);
        assertThatArray(none.features()).isEqualTo(table.features());
        assertThatArray(none.present().orElseThrow()).isEqualTo(table.present().orElseThrow());

        FeatureTable all = table.withHidden(1, 1);
        assertThat(all.present().orElseThrow().sumNumber().doubleValue()).isZero();
        assertThat(all.decode()).containsOnly(List.of("cat", "5", "4", "yes"));

        FeatureTable some = table.withHidden(0.5, 1);
        assertThatArray(some.features()).isEqualTo(table.withHidden(0.5, 1).features());
        assertThat(some.present().orElseThrow().meanNumber().doubleValue()).isBetween(0.2, 0.8);
        assertThatThrownBy(() -> table.withHidden(1.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fraction must be in [0, 1], got 1.5");
    }

    /** The model is a function that is known, whose values must appear in the gaps alone. */
    @Test
    void gaps_areFilledByTheModel_andNothingElse() {
        INDArray mask = table.present().orElseThrow();
        INDArray imputed = table.impute(x -> x.mul(0).addi(7), 1);
        assertThatArray(imputed)
                .isEqualTo(table.features().mul(mask).addi(mask.rsub(1).muli(7)));
        INDArray thrice = table.impute(x -> x.add(1), 3);
        assertThatArray(thrice).isCloseTo(table.features().add(mask.rsub(1).muli(3)), 1e-6);
        assertThatThrownBy(() -> table.impute(x -> x.getColumns(0, 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the reconstruction must have the shape [5, 6], got [5, 2]");
        assertThatThrownBy(() -> table.impute(x -> x, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounds must be at least 1, got 0");
    }

    @Test
    void likelihood_hasAPartForEachColumn() {
        LossMixed loss = table.schema().likelihood();
        assertThat(loss.getLosses())
                .hasExactlyElementsOfTypes(
                        LossCategorical.class,
                        LossGaussianLearnedVariance.class,
                        LossPoissonNll.class,
                        LossBernoulli.class);
        assertThat(loss.labelColumns()).isEqualTo(table.names().size());
        assertThat(loss.outputs()).isEqualTo(table.names().size() + 1);
    }

    @Test
    void counts_mustBeCounts() throws IOException {
        Path file = Files.writeString(directory.resolve("other.csv"), "a,b\n1.5,x\n2,y\n-1,z\n");
        assertThatThrownBy(() -> new TableReader.Builder().counts("a").build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have counts 0, 1, 2, … in column 'a', got other numbers");
        assertThatThrownBy(() -> new TableReader.Builder().counts("b").build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have counts 0, 1, 2, … in column 'b', got 'x' in row 1");
    }
}
