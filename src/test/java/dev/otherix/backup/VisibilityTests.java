package dev.otherix.backup;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a package shows to others is what others use. */
class VisibilityTests {

    private static final String ROOT = "dev.otherix.backup.";

    /** Bytecode does not show who uses these. */
    private static final Set<String> USED_UNSEEN = Set.of(
            // started by java
            "Launcher",
            "OtherixEtcdBackup",
            // annotations of record components
            "config.Default",
            "config.InPlaceOf",
            // a constant of it is copied to its users
            "log.LogQueue",
            "offsite.WithTarget",
            // passed on by a method reference, and never named
            "check.Comparison",
            // in the signature of a method or constructor that others call
            "check.HashComparison$OfFile",
            "check.VerificationProperties$HashKv",
            "offsite.store.StoredVersion",
            "restore.LivePeers$Answer",
            "snapshot.DiskCalls$Waiting",
            "snapshot.Restorable$Hole",
            "verify.IntegrityFooter$Result",
            // only in a pattern of a switch
            "task.Task$Pending",
            // others use its nested types only
            "snapshot.Moment");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.otherix.backup");

    @Test
    void aTypeThatOnePackageAloneUsesIsNotPublic() {
        assertThat(MAIN.stream()
                        .filter(VisibilityTests::isPublic)
                        .filter(type -> !isUsedElsewhere(type))
                        .map(type -> type.getName().substring(ROOT.length())))
                .isNotEmpty()
                .isSubsetOf(USED_UNSEEN);
    }

    /** A nested type is as public as the types around it; in an interface it cannot be less. */
    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(PUBLIC)
                && type.getEnclosingClass()
                        .map(around -> !around.isInterface() && isPublic(around))
                        .orElse(true);
    }

    private static boolean isUsedElsewhere(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }
}
