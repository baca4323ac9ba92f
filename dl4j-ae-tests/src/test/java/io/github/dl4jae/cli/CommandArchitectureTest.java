package io.github.dl4jae.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class CommandArchitectureTest {

    private static final JavaClasses COMMAND = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("dl4j-ae-tests"))
            .importPackages("io.github.dl4jae.cli");

    @Test
    void command_usesThePublicFaceOfTheLibraryAndAtomicFiles() {
        assertThat(COMMAND.contain(FitCommand.class)).isTrue();
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.dl4jae.internal..")
                        .and(resideOutsideOfPackage("io.github.dl4jae.internal.io")))
                .check(COMMAND);
    }

    @Test
    void command_doesNotKnowTheExamples() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.dl4jae.examples.."))
                .check(COMMAND);
    }

    @Test
    void classes_butMainAndSharedOptions_arePackagePrivate() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("Main")
                .and()
                .doNotHaveSimpleName("TableOptions")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .bePackagePrivate()
                .check(COMMAND);
    }
}
