package dev.otherix.backup.cli;

import dev.otherix.backup.restore.ApiConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options that are not given, from otherix-api's configuration if that is named. Says where each is from. */
final class FilledIn {

    private final Optional<ApiConfig> config;
    private final Consumer<String> said;

    /** @param file otherix-api's configuration; null if it is not to be read */
    FilledIn(@Nullable Path file, Consumer<String> said) {
        this.config = Optional.ofNullable(file).map(ApiConfig::read);
        this.said = said;
        if (file != null) {
            said.accept("variables in api.env, which win over " + file + ", were not read");
        }
    }

    /** The value of an option. @throws CommandFailure if nothing says it */
    <T> T required(String option, @Nullable T given, Function<ApiConfig, ApiConfig.Sourced<T>> otherwise) {
        return optional(option, given, otherwise).orElseThrow(() -> missing(option));
    }

    /** Like the other method; empty if nothing says it. */
    <T> Optional<T> optional(String option, @Nullable T given, Function<ApiConfig, ApiConfig.Sourced<T>> otherwise) {
        return Optional.ofNullable(given).or(() -> config.map(otherwise).map(found -> told(option, found)));
    }

    /** The member's peer URL. */
    String peerUrl(@Nullable String given) {
        if (given != null) {
            return given;
        }
        if (config.isEmpty()) {
            throw missing("--peer-url");
        }
        return config.get()
                .peerUrl()
                .map(found -> told("--peer-url", found))
                .orElseThrow(() -> new CommandFailure(
                        "etcd.peer_url is auto: otherix-api chooses an address of the host at each start, and a restore"
                                + " needs to know which",
                        candidates(),
                        ExitCode.USAGE,
                        null));
    }

    private static String candidates() {
        var urls = ApiConfig.peerUrlCandidates();
        return urls.isEmpty()
                ? "Give --peer-url https://ADDRESS:2380 with the address under which other hosts reach this one."
                : "Give the one under which other hosts reach this one: "
                        + String.join(
                                " or ",
                                urls.stream().map(url -> "--peer-url " + url).toList());
    }

    private <T> T told(String option, ApiConfig.Sourced<T> found) {
        said.accept(option + " " + found.value() + " (" + found.source() + ")");
        return found.value();
    }

    private static CommandFailure missing(String option) {
        return new CommandFailure(
                option + " is missing",
                "Give it, or --api-config /etc/otherix/api.yaml, which has it.",
                ExitCode.USAGE,
                null);
    }
}
