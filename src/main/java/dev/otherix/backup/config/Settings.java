package dev.otherix.backup.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All settings, merged from their sources. Later wins: built-in defaults; {@code backup.yaml} in otherix's
 * configuration directory, if it exists; each file named by {@code --config}; {@code OTHERIX_} environment variables;
 * the command line. No other source is read, in particular not Spring's environment. Needs no Spring context.
 */
public final class Settings {

    /** The directory of otherix's configuration files. */
    public static final Path ETC_OTHERIX = Path.of("/etc/otherix");

    private static final String OFF = "off";

    private final Map<String, Setting> settings;
    private final List<ConfigFile> files;
    private final List<String> ignoredVariables;
    private final List<ConfigFile> ofOtherix;

    private Settings(
            List<ConfigFile> files, Variables variables, CommandLine commandLine, Optional<ConfigFile> apiFileBeside) {
        this.settings = new LinkedHashMap<>();
        Stream.of(
                        files.stream().flatMap(file -> file.settings().stream()),
                        variables.settings().stream(),
                        commandLine.settings().stream())
                .flatMap(source -> source)
                .forEach(setting -> {
                    IdentityOfAge.refuse(setting);
                    settings.put(setting.key(), setting);
                });
        this.files = files;
        this.ignoredVariables = variables.ignored();
        this.ofOtherix = Stream.concat(files.stream().filter(ConfigFile::ofOtherix), apiFileBeside.stream())
                .toList();
    }

    /**
     * Reads every source. Checks the keys; the values are checked by {@link #bind}.
     *
     * @param blocks all records annotated with {@link Block}
     * @param arguments of the command line, without the command's own ones
     * @param etcOtherix directory of {@code backup.yaml} and {@code api.yaml}, usually {@link #ETC_OTHERIX}
     * @throws InvalidSetting if a key is unknown in a place where only known ones are allowed
     * @throws UnusableConfigFile if a file cannot be read
     */
    public static Settings load(
            Collection<Class<? extends Record>> blocks,
            String[] arguments,
            Map<String, String> environment,
            Path etcOtherix) {
        var known = KnownKeys.of(blocks);
        var commandLine = CommandLine.parse(arguments, known);
        var files = new ArrayList<ConfigFile>();
        var ours = etcOtherix.resolve("backup.yaml");
        if (ConfigFile.mayExist(ours)) {
            files.add(ConfigFile.read(ours, known));
        }
        commandLine.files().forEach(file -> files.add(ConfigFile.read(file, known)));
        return new Settings(
                List.copyOf(files),
                Variables.read(environment, known),
                commandLine,
                ConfigFile.peek(etcOtherix.resolve("api.yaml"), known));
    }

    /**
     * The block with its values, defaults filled in.
     *
     * @throws InvalidSetting if a value breaks a rule
     */
    public <R extends Record> R bind(Class<R> block) {
        var components = block.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return block.getDeclaredConstructor(types)
                    .newInstance(Arrays.stream(components).map(this::value).toArray());
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof InvalidSetting invalid) {
                throw withSource(invalid);
            }
            throw new IllegalStateException("cannot make " + block, failed);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException("cannot make " + block, failed);
        }
    }

    /**
     * The paths that the block names, by key, in the order of the block. Only that they are paths has been checked:
     * making the block may read them.
     */
    public Map<String, Path> paths(Class<? extends Record> block) {
        var paths = new LinkedHashMap<String, Path>();
        for (var component : block.getRecordComponents()) {
            if (component.getType() == Path.class && value(component) instanceof Path path) {
                paths.put(KnownKeys.keyOf(component), path);
            }
        }
        return paths;
    }

    /** otherix-api's own files: those that settings were taken from, and the one beside {@code backup.yaml}. */
    public List<ConfigFile> ofOtherix() {
        return ofOtherix;
    }

    /** One sentence for each file: the kind of file it was read as. */
    public List<String> files() {
        return files.stream().map(ConfigFile::description).toList();
    }

    /** Variables that look like settings of this service but are not, and may be otherix-api's. */
    public List<String> ignoredVariables() {
        return ignoredVariables;
    }

    private @Nullable Object value(RecordComponent component) {
        var key = KnownKeys.keyOf(component);
        var standard = component.getAnnotation(Default.class);
        var setting = settings.get(key);
        @Nullable String text = setting != null ? setting.text() : standard != null ? standard.value() : null;
        if (text == null || isNone(text, component, standard)) {
            return null;
        }
        try {
            return SettingText.value(key, text, component.getType());
        } catch (InvalidSetting invalid) {
            throw withSource(invalid);
        }
    }

    /** An empty text unsets an optional setting; {@code off} unsets a setting that is off by default. */
    private static boolean isNone(String text, RecordComponent component, @Nullable Default standard) {
        var nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        var offByDefault = standard != null && standard.value().equals(OFF);
        return nullable && (text.isEmpty() || offByDefault && text.equals(OFF));
    }

    private InvalidSetting withSource(InvalidSetting invalid) {
        var setting = settings.get(invalid.key());
        return setting == null
                ? invalid
                : setting.text().isEmpty() ? invalid.leftEmptyAt(setting.source()) : invalid.at(setting.source());
    }
}
