package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.snapshot.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where off-site copies are: in the service's configuration, or as these options say. */
final class StoreOptions {

    @Option(
            names = "--from",
            paramLabel = "URL",
            description = "where the copies are, without a configuration: s3://BUCKET[/PREFIX] or file:///PATH")
    private @Nullable String from;

    @Option(
            names = "--endpoint-url",
            paramLabel = "URL",
            description = "with --from: the store, if it is not Amazon's (default: AWS_ENDPOINT_URL_S3)")
    private @Nullable String endpoint;

    @Option(names = "--region", paramLabel = "R", description = "with --from: its region (default: AWS_REGION)")
    private @Nullable String region;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "with --from: the CA of its certificate, as PEM (default: AWS_CA_BUNDLE)")
    private @Nullable String caFile;

    @Option(names = "--path-style", description = "with --from: the bucket is in the path, not in the host name")
    private boolean pathStyle;

    @Option(
            names = "--target",
            paramLabel = "T",
            converter = TargetConverter.class,
            description = "s3 or filesystem, if both are configured")
    private @Nullable Target target;

    @Option(names = "--member", paramLabel = "ID", description = "only copies of this member, by its id")
    private @Nullable String member;

    static final class TargetConverter implements ITypeConverter<Target> {

        @Override
        public Target convert(String text) {
            return Arrays.stream(Target.values())
                    .filter(target -> target.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither s3 nor filesystem"));
        }
    }

    Optional<String> member() {
        return Optional.ofNullable(member);
    }

    /**
     * The places.
     *
     * @param settings as on the service's command line
     * @param configured finds the places of the service from its settings
     * @param byUrl finds the place that the options name
     * @throws CommandFailure if there is none, or options contradict each other
     */
    List<StorePlace> places(
            List<String> settings,
            Function<List<String>, List<StorePlace>> configured,
            Function<FromUrl, StorePlace> byUrl) {
        if (from != null) {
            if (!settings.isEmpty()) {
                throw usage("--from cannot be combined with " + String.join(" ", settings), "Give one of the two.");
            }
            var place = byUrl.apply(new FromUrl(
                    from,
                    Optional.ofNullable(endpoint),
                    Optional.ofNullable(region),
                    Optional.ofNullable(caFile),
                    pathStyle));
            if (target != null && target != place.target()) {
                throw usage("--target " + target.word() + " is not what --from names", "Leave --target out.");
            }
            return List.of(place);
        }
        if (endpoint != null || region != null || caFile != null || pathStyle) {
            throw usage(
                    "--endpoint-url, --region, --ca-file and --path-style belong to --from, which is not given",
                    "Add --from s3://BUCKET, or leave them out: the configuration has its own.");
        }
        var places = configured.apply(settings);
        var named = places.stream()
                .filter(place -> target == null || place.target() == target)
                .toList();
        if (named.isEmpty() && !places.isEmpty() && target != null) {
            throw usage(
                    "the target " + target.word() + " is not configured",
                    "Leave --target out, or name " + places.getFirst().target().word() + ".");
        }
        if (named.isEmpty()) {
            throw usage(
                    "no off-site target is configured",
                    "Give --from s3://BUCKET or --from file:///PATH, or the --config FILE of the service.");
        }
        return named;
    }

    /** Like {@link #places}, where one is wanted. */
    static StorePlace only(List<StorePlace> places) {
        if (places.size() > 1) {
            throw usage("two targets are configured", "Say which one: --target s3 or --target filesystem.");
        }
        return places.getFirst();
    }

    /** Whether none was given that only means something for copies. */
    boolean unused() {
        return from == null
                && endpoint == null
                && region == null
                && caFile == null
                && !pathStyle
                && target == null
                && member == null;
    }

    /** Whether the place is named, whatever is configured. */
    boolean isFrom() {
        return from != null;
    }

    /** The same options again, for another command. */
    List<String> words() {
        var words = new ArrayList<String>();
        add(words, "--from", from);
        add(words, "--endpoint-url", endpoint);
        add(words, "--region", region);
        add(words, "--ca-file", caFile);
        if (pathStyle) {
            words.add("--path-style");
        }
        add(words, "--target", target == null ? null : target.word());
        add(words, "--member", member);
        return words;
    }

    private static void add(List<String> words, String option, @Nullable String value) {
        if (value != null) {
            words.addAll(List.of(option, value));
        }
    }

    private static CommandFailure usage(String problem, String fix) {
        return new CommandFailure(problem, fix, ExitCode.USAGE, null);
    }
}
