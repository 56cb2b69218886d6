package dev.cadflow.worker;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.cadflow.workflow.Cadflow;
import java.util.Map;
import java.util.Set;

/** The arrows between the rooms of the house, as far as a worker's class path sees them. */
@AnalyzeClasses(packages = "dev.cadflow", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
    private static final String[] CONTRACT = {"dev.cadflow.workflow..", "dev.cadflow.activity"};

    @ArchTest
    static final ArchRule THE_CONTRACT_NEEDS_TEMPORAL_AND_JACKSON_ALONE = classes()
            .that()
            .resideInAnyPackage(CONTRACT)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.cadflow.workflow..",
                    "dev.cadflow.activity",
                    "io.temporal..",
                    "io.nexusrpc..",
                    "com.fasterxml.jackson..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "java.."));

    @ArchTest
    static final ArchRule HOW_THE_WORKFLOW_WORKS_IS_ITS_OWN_AFFAIR = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cadflow.workflow..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cadflow.workflow.internal..");

    @ArchTest
    static final ArchRule ACTIVITIES_KNOW_NO_WORKER = noClasses()
            .that()
            .resideInAnyPackage("dev.cadflow.makistry..", "dev.cadflow.archive..", "dev.cadflow.activity.impl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.cadflow.worker..", "dev.cadflow.starter..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule MAKISTRY_AND_ARCHIVE_KNOW_NO_ACTIVITY_OF_TEMPORAL = noClasses()
            .that()
            .resideInAnyPackage("dev.cadflow.makistry..", "dev.cadflow.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.temporal..", "dev.cadflow.activity.impl..");

    @ArchTest
    static final ArchRule NOTHING_OF_OURS_NEEDS_THE_SANDBOX = noClasses()
            .that(not(resideInAPackage("dev.cadflow.sandbox..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cadflow.sandbox..");

    @ArchTest
    static final ArchRule THE_SANDBOX_NEEDS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage("dev.cadflow.sandbox..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.cadflow..").and(not(resideInAPackage("dev.cadflow.sandbox.."))));

    @ArchTest
    static final ArchRule NO_LOGGING_IMPLEMENTATION_IS_NAMED =
            noClasses().should().dependOnClassesThat().resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule THE_ROOMS_OF_THE_WORKER_FORM_NO_CIRCLE =
            slices().matching("dev.cadflow.worker.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_PARTS_OF_THE_WORKER_DO_NOT_KNOW_WHO_WIRES_THEM = noClasses()
            .that()
            .resideInAPackage("dev.cadflow.worker.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.cadflow.worker");

    /** But for the one type of the contract that puts all on a worker, which must name it. */
    @ArchTest
    static final ArchRule ALL_PACKAGES_FORM_NO_CIRCLE = slices().matching("dev.cadflow.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(equivalentTo(Cadflow.class), alwaysTrue());

    @ArchTest
    static void noPackageIsSplitAcrossModules(JavaClasses all) {
        Map<String, Set<String>> modulesOfPackages =
                all.stream().collect(groupingBy(JavaClass::getPackageName, mapping(HouseTest::moduleOf, toSet())));

        assertThat(modulesOfPackages)
                .hasSizeGreaterThan(5)
                .allSatisfy((name, modules) -> assertThat(modules).as(name).hasSize(1));
    }

    /** The folder or jar that a class stands in. */
    private static String moduleOf(JavaClass type) {
        String path = type.getSource().orElseThrow().getUri().toString();
        return path.substring(0, path.lastIndexOf(type.getPackageName().replace('.', '/')));
    }
}
