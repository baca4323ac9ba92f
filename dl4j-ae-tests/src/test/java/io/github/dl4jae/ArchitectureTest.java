package io.github.dl4jae;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Arrows point down: uses → product → training → concepts → face → ground → internal; data and plot know only
 * internal.
 */
class ArchitectureTest {

    private static final String ROOT = "io.github.dl4jae";
    private static final List<String> INTERNAL = List.of("internal");
    private static final List<String> GROUND = List.of(
            "layer",
            "dense",
            "convolutional",
            "recurrent",
            "likelihood",
            "penalty",
            "noise",
            "schedule",
            "updater",
            "safetensors",
            "coding");
    private static final List<String> CONCEPTS =
            List.of("sparse", "denoising", "contractive", "variational", "concrete", "sparsecoding", "quantized");
    private static final List<String> TRAINING = List.of("pretraining", "baseline", "tabular", "zoo", "runtime");
    private static final List<String> PRODUCT = List.of("bundle", "training");
    private static final List<String> USES = List.of(
            "adversarial",
            "anomaly",
            "compression",
            "dictionary",
            "disentanglement",
            "generation",
            "mdl",
            "selection",
            "sequence",
            "signal",
            "timeseries");
    private static final List<String> ALONE = List.of("data", "plot");

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("dl4j-ae-tests")
                    && !location.contains("dl4j-ae-examples")
                    && !location.contains("dl4j-ae-cli"))
            .importPackages(ROOT);

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
    }

    private static Architectures.LayeredArchitecture floors() {
        return Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("internal")
                .definedBy(packages(INTERNAL))
                .layer("ground")
                .definedBy(packages(GROUND))
                .layer("face")
                .definedBy(ROOT)
                .layer("concepts")
                .definedBy(packages(CONCEPTS))
                .layer("training")
                .definedBy(packages(TRAINING))
                .layer("product")
                .definedBy(packages(PRODUCT))
                .layer("uses")
                .definedBy(packages(USES))
                .layer("alone")
                .definedBy(packages(ALONE))
                .whereLayer("uses")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("product")
                .mayOnlyBeAccessedByLayers("uses")
                .whereLayer("training")
                .mayOnlyBeAccessedByLayers("product", "uses")
                .whereLayer("concepts")
                .mayOnlyBeAccessedByLayers("training", "product", "uses")
                .whereLayer("face")
                .mayOnlyBeAccessedByLayers("concepts", "training", "product", "uses")
                .whereLayer("ground")
                .mayOnlyBeAccessedByLayers("face", "concepts", "training", "product", "uses")
                .whereLayer("internal")
                .mayOnlyBeAccessedByLayers("alone", "ground", "face", "concepts", "training", "product", "uses")
                .whereLayer("alone")
                .mayNotBeAccessedByAnyLayer();
    }

    @Test
    void floors_dependDownwardsOnly() {
        floors().check(LIBRARY);
    }

    @Test
    void neighborsOnOneFloor_doNotKnowEachOther() {
        Stream.of(CONCEPTS, TRAINING, PRODUCT, USES)
                .forEach(floor -> slices().matching(ROOT + ".(" + String.join("|", floor) + ")..")
                        .should()
                        .notDependOnEachOther()
                        .allowEmptyShould(true)
                        .check(LIBRARY));
    }

    @Test
    void rooms_ofTheBasementFormNoCircle() {
        slices().matching(ROOT + ".internal.(*)..").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void packages_formNoCircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    /** The floors list only packages that exist. */
    @ParameterizedTest
    @MethodSource("floorNames")
    void floors_nameExistingPackages(String name) {
        assertThat(LIBRARY.containPackage(ROOT + "." + name)).isTrue();
    }

    static Stream<String> floorNames() {
        return Stream.of(INTERNAL, GROUND, CONCEPTS, TRAINING, PRODUCT, USES, ALONE)
                .flatMap(List::stream);
    }

    private static ArchRule mentionNothingInternal() {
        return classes()
                .that()
                .resideOutsideOfPackage(ROOT + ".internal..")
                .should(new ArchCondition<>("mention nothing internal") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        PublicFace.of(type.reflect())
                                .filter(mention -> mention.type().getName().startsWith(ROOT + ".internal"))
                                .forEach(
                                        mention -> events.add(SimpleConditionEvent.violated(type, mention.toString())));
                    }
                });
    }

    @Test
    void publicFace_mentionsNothingInternal() {
        mentionNothingInternal().check(LIBRARY);
    }

    @Test
    void dataAndPlot_knowOnlyInternalsAndTheirLibraries() {
        classes()
                .that()
                .resideInAnyPackage(packages(ALONE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(Stream.concat(
                                Arrays.stream(packages(ALONE)),
                                Stream.of(
                                        ROOT + ".internal..",
                                        "java..",
                                        "javax..",
                                        "org.nd4j..",
                                        "org.jspecify..",
                                        "org.deeplearning4j..",
                                        "org.knowm.xchart.."))
                        .toArray(String[]::new)))
                .check(LIBRARY);
    }

    @Test
    void library_knowsNeitherBackendsNorConsoleLibraries() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "picocli..", "me.tongfei..", "org.slf4j.impl..", "org.nd4j.linalg.cpu..", "lombok..")
                .check(LIBRARY);
    }

    private static ArchRule finalOrAbstract() {
        return classes().that().areNotInterfaces().should(new ArchCondition<>("be final or abstract") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || type.isEnum()
                        || type.isAnonymousClass();
                events.add(new SimpleConditionEvent(type, closed, type.getName()));
            }
        });
    }

    @Test
    void everyPackage_hasAFloor() {
        classes()
                .should()
                .resideInAnyPackage(Stream.of(
                                Stream.of(ROOT),
                                Stream.of(INTERNAL, GROUND, CONCEPTS, TRAINING, PRODUCT, USES, ALONE)
                                        .flatMap(floor -> Arrays.stream(packages(floor))))
                        .flatMap(names -> names)
                        .toArray(String[]::new))
                .check(LIBRARY);
    }

    @Test
    void classes_areFinalOrAbstract() {
        finalOrAbstract().check(LIBRARY);
    }

    @Test
    void implementations_arePackagePrivate() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Impl")
                .should()
                .bePackagePrivate()
                .check(LIBRARY);
    }

    @Test
    void names_sayWhatAClassIsFor() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Common|Manager)")
                .check(LIBRARY);
    }

    /** The rules apply to classes, and they can fail. */
    @Test
    void rules_areNotVacuous() {
        assertThat(LIBRARY.size()).isGreaterThan(30);
        assertThat(LIBRARY.contain(Autoencoders.class)).isTrue();
        assertThatThrownBy(() -> finalOrAbstract().check(new ClassFileImporter().importClasses(ArrayList.class)))
                .isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MentionsInternals.field",
                "MentionsInternals.json",
                "MentionsInternals(io",
                "MentionsInternals.parameter(",
                "MentionsInternals.result()",
                "MentionsInternals.get()",
                "where=io.github.dl4jae.MentionsInternals,"
            })
    void publicFace_thatMentionsAnInternalType_isReported(String where) {
        JavaClasses mentions = new ClassFileImporter().importClasses(MentionsInternals.class);

        assertThatThrownBy(() -> mentionNothingInternal().check(mentions))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(where)
                .hasMessageContaining("type=" + UnitAxis.class);
    }

    @Test
    void publicFace_withPrivateInternals_passes() {
        mentionNothingInternal().check(new ClassFileImporter().importClasses(MentionsInternals.KeepsInternals.class));
    }
}
