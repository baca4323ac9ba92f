package io.github.dl4jae.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.library.Architectures;
import io.github.dl4jae.examples.support.Report;
import org.junit.jupiter.api.Test;

/** Arrows point down: launcher → reproduce, bench → concepts → support. */
class ExamplesArchitectureTest {

    private static final String ROOT = "io.github.dl4jae.examples";
    private static final String[] CONCEPTS = {
        ROOT + ".adversarial",
        ROOT + ".sparse",
        ROOT + ".dictionary",
        ROOT + ".compression",
        ROOT + ".embedding",
        ROOT + ".denoising",
        ROOT + ".contractive",
        ROOT + ".variational",
        ROOT + ".quantized",
        ROOT + ".selection",
        ROOT + ".tabular",
        ROOT + ".timeseries",
        ROOT + ".signal",
        ROOT + ".anomaly",
        ROOT + ".pretraining",
        ROOT + ".mdl",
        ROOT + ".sequence",
        ROOT + ".molecules",
        ROOT + ".adversarial"
    };

    private static final JavaClasses EXAMPLES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("dl4j-ae-tests"))
            .importPackages(ROOT);

    @Test
    void packages_dependDownwardsOnly() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture()
                .layer("launcher")
                .definedBy(ROOT)
                .layer("papers")
                .definedBy(ROOT + ".reproduce", ROOT + ".bench")
                .layer("concepts")
                .definedBy(CONCEPTS)
                .layer("support")
                .definedBy(ROOT + ".support")
                .whereLayer("launcher")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("papers")
                .mayOnlyBeAccessedByLayers("launcher")
                .whereLayer("concepts")
                .mayOnlyBeAccessedByLayers("launcher", "papers")
                .whereLayer("support")
                .mayOnlyBeAccessedByLayers("launcher", "papers", "concepts")
                .check(EXAMPLES);
    }

    @Test
    void packages_formNoCircle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(EXAMPLES);
    }

    @Test
    void concepts_doNotKnowEachOther() {
        slices().matching(ROOT
                        + ".(sparse|dictionary|compression|embedding|denoising|contractive|variational|selection"
                        + "|tabular|timeseries|signal|anomaly|pretraining|mdl|quantized|adversarial|sequence"
                        + "|molecules)..")
                .should()
                .notDependOnEachOther()
                .check(EXAMPLES);
    }

    @Test
    void examples_useThePublicFaceOfTheLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".support")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.dl4jae.internal..")
                .check(EXAMPLES);
    }

    @Test
    void support_usesNoInternalPackageButIo() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.dl4jae.internal..")
                        .and(resideOutsideOfPackage("io.github.dl4jae.internal.io")))
                .check(EXAMPLES);
    }

    @Test
    void reports_sayByAFormulaWhatIsMinimized() {
        classes()
                .that(callReport("write"))
                .should(ArchCondition.from(callReport("formula")))
                .check(EXAMPLES);
    }

    private static DescribedPredicate<JavaClass> callReport(String method) {
        return DescribedPredicate.describe("call Report." + method, caller -> caller.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Report.class)
                        && call.getTarget().getName().equals(method)));
    }
}
