package dev.otherix.backup.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** Where a copy is that is named as {@code offsite:NAME}, and what opens it. */
final class SourceOptions {

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private IdentityOption identity = new IdentityOption();

    private List<String> settings = List.of();

    /** The settings that were given, as on the service's command line. */
    void configuredBy(List<String> given) {
        settings = List.copyOf(given);
    }

    /** @throws CommandFailure if one was given although no copy is named */
    void requireUnused() {
        requireUnused(store.unused() && copies.cluster().isEmpty() && !identity.given() && settings.isEmpty());
    }

    static void requireUnused(boolean unused) {
        if (!unused) {
            throw new CommandFailure(
                    "the options for off-site copies mean nothing for a file",
                    "Leave them out, or name a copy: offsite:latest, or offsite: and a name.",
                    ExitCode.USAGE,
                    null);
        }
    }

    StoreOptions store() {
        return store;
    }

    IdentityOption identity() {
        return identity;
    }

    CopyChoice choice(Optional<String> caFingerprint) {
        return new CopyChoice(copies.cluster(), store.member(), caFingerprint);
    }

    List<String> settings() {
        return settings;
    }
}
