package dev.cadflow.starter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.cadflow", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cadflow.starter..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cadflow.starter..");

    @ArchTest
    static final ArchRule THE_COMMAND_LINE_KNOWS_THE_CONTRACT_THE_WORKER_AND_THE_SANDBOX_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.cadflow.starter..")
            // Verifying needs an archive and no worker.
            .and()
            .doNotHaveSimpleName("VerifyCommand")
            // How far a download is stands in its heartbeats alone.
            .and()
            .doNotHaveSimpleName("RunningArchive")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.cadflow.workflow.internal..",
                    "dev.cadflow.makistry..",
                    "dev.cadflow.archive..",
                    "dev.cadflow.activity..");
}
