package dev.otherix.backup;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, as the README's "Reading the source" draws them. */
class ArchitectureTests {

    private static final String ROOT = "dev.otherix.backup";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void arrowsBetweenPackagesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("root")
                .definedBy(ROOT)
                .layer("start")
                .definedBy(ROOT + ".start..")
                .layer("api")
                .definedBy(ROOT + ".api..")
                .layer("monitoring")
                .definedBy(ROOT + ".monitoring..")
                .layer("cli")
                .definedBy(ROOT + ".cli..")
                .layer("access")
                .definedBy(ROOT + ".access..")
                .layer("audit")
                .definedBy(ROOT + ".audit..")
                .layer("job")
                .definedBy(ROOT + ".job..")
                .layer("check")
                .definedBy(ROOT + ".check..")
                .layer("offsite")
                .definedBy(ROOT + ".offsite..")
                .layer("drill")
                .definedBy(ROOT + ".drill..")
                .layer("restore")
                .definedBy(ROOT + ".restore..")
                .layer("history")
                .definedBy(ROOT + ".history..")
                .layer("etcd")
                .definedBy(ROOT + ".etcd..")
                .layer("verify")
                .definedBy(ROOT + ".verify..")
                .layer("task")
                .definedBy(ROOT + ".task..")
                .layer("snapshot")
                .definedBy(ROOT + ".snapshot..")
                .layer("log")
                .definedBy(ROOT + ".log..")
                .layer("config")
                .definedBy(ROOT + ".config..")
                .whereLayer("root")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("start")
                .mayOnlyBeAccessedByLayers("root", "cli")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("root", "start", "cli")
                .whereLayer("monitoring")
                .mayOnlyBeAccessedByLayers("root", "start")
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("access")
                .mayOnlyBeAccessedByLayers("root", "start", "api", "monitoring", "cli")
                .whereLayer("audit")
                .mayOnlyBeAccessedByLayers("start", "api", "access")
                .whereLayer("job")
                .mayOnlyBeAccessedByLayers("root", "start", "api", "monitoring", "audit")
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("start", "api", "monitoring", "job", "offsite")
                .whereLayer("offsite")
                .mayOnlyBeAccessedByLayers("root", "start", "api", "monitoring", "cli", "drill")
                .whereLayer("drill")
                .mayOnlyBeAccessedByLayers("start", "api", "monitoring")
                .whereLayer("restore")
                .mayOnlyBeAccessedByLayers("cli", "drill")
                .whereLayer("history")
                .mayOnlyBeAccessedByLayers("cli", "restore", "drill")
                .whereLayer("etcd")
                .mayOnlyBeAccessedByLayers("root", "start", "api", "monitoring", "cli", "job", "check", "restore")
                .whereLayer("verify")
                .mayOnlyBeAccessedByLayers("cli", "job", "check", "restore", "history", "offsite", "drill")
                .whereLayer("task")
                .mayOnlyBeAccessedByLayers("api", "monitoring", "job", "check", "offsite", "drill")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("start", "monitoring", "audit")
                .whereLayer("snapshot")
                .mayOnlyBeAccessedByLayers(
                        "root",
                        "start",
                        "api",
                        "monitoring",
                        "cli",
                        "audit",
                        "job",
                        "check",
                        "drill",
                        "restore",
                        "history",
                        "offsite",
                        "etcd",
                        "verify")
                .because("each package can be read and changed knowing only what is below it")
                .check(MAIN);
    }

    @Test
    void etcdVerifyAndTaskAreStrangersToEachOther() {
        var strangers = List.of("etcd", "verify", "task");
        for (var one : strangers) {
            for (var other : strangers) {
                if (!one.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + "." + one + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(ROOT + "." + other + "..")
                            .because("each can be used and changed without the others")
                            .check(MAIN);
                }
            }
        }
    }

    @Test
    void theRootHoldsTheMainClassAlone() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .haveNameMatching(".*\\.(OtherixEtcdBackup|Launcher|package-info)")
                .because("a drawer for everything is where nobody looks")
                .check(MAIN);
    }

    @Test
    void onlyThePackageEtcdKnowsGrpcAndJetcd() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".etcd..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.etcd..", "io.netty..", "com.google.protobuf..")
                .because("how the member is reached may change without anybody else noticing")
                .check(MAIN);
    }

    @Test
    void onlyThePackageOfStoresKnowsHowTheyAreSpokenTo() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".offsite.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "org.apache.hc..")
                .because("a service without off-site copies loads nothing of it")
                .check(MAIN);
    }

    @Test
    void onlyThePackageOffsiteEncrypts() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".offsite")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.exceptionfactory..")
                .because("what leaves this host is encrypted in one place")
                .check(MAIN);
    }

    @Test
    void onlyThePackageAccessKnowsSpringSecurity() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".access..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.security..")
                .because("who may do what is decided in one place")
                .check(MAIN);
    }

    @Test
    void neitherTheDomainNorTheCommandsKnowAFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".snapshot..",
                        ROOT + ".verify..",
                        ROOT + ".history..",
                        ROOT + ".restore..",
                        ROOT + ".cli..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.springframework..", "io.micrometer..", "org.slf4j..", "jakarta..")
                                // reads keys and certificates, and needs no context
                                .and(not(resideInAPackage("org.springframework.boot.ssl.pem"))))
                .because("a command has to be quick, and must work where nothing is configured")
                .check(MAIN);
    }

    @Test
    void onlyTheEdgesKnowHttpAndMetrics() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".start..",
                        ROOT + ".api..",
                        ROOT + ".monitoring..",
                        ROOT + ".cli..",
                        ROOT + ".access..",
                        ROOT + ".audit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "jakarta.servlet..",
                        "io.micrometer..",
                        "org.springframework.boot.actuate..",
                        "org.springframework.boot.health..")
                .check(MAIN);
    }

    @Test
    void nothingStaticChanges() {
        noFields()
                .that()
                .areStatic()
                .should()
                .notBeFinal()
                .because("two services in one process must not meet in a static field")
                .check(MAIN);
    }

    @Test
    void namesSayWhatAClassDoes() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)")
                .check(MAIN);
    }

    @Test
    void everyPackageSaysWhatItOwns() {
        classes()
                .that()
                .resideInAPackage(ROOT + "..")
                .should(new HavePackageInfo())
                .check(MAIN);
    }

    private static final class HavePackageInfo extends ArchCondition<JavaClass> {

        HavePackageInfo() {
            super("be in a package with a package-info that is null-marked");
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            var marked = item.getPackage().isAnnotatedWith(NullMarked.class);
            events.add(
                    new SimpleConditionEvent(item, marked, item.getPackageName() + " has no null-marked package-info"));
        }
    }
}
