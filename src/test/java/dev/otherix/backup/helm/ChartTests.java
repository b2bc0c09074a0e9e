package dev.otherix.backup.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class ChartTests {

    private static final String PLAIN = "native: false\n";
    private static final String NATIVE = "native: true\n";
    private static final String NAME = "otherix-etcd-backup";

    @TempDir
    private static Path work;

    private static Chart ours;
    private static Chart parent;
    private static Manifests plain;

    @BeforeAll
    static void charts() {
        ours = Chart.ours(work);
        parent = Chart.parent(work);
        plain = parent.template(PLAIN);
    }

    @Test
    void bothChartsPassTheStrictLint() {
        assertThat(ours.lint().isFailed())
                .as(() -> ours.lint().getMessages().toString())
                .isFalse();
        assertThat(parent.lint().isFailed())
                .as(() -> parent.lint().getMessages().toString())
                .isFalse();
    }

    @Test
    void itsVersionIsThatOfTheService() throws IOException {
        Map<String, Object> chart = new Yaml().load(Files.readString(Chart.OURS.resolve("Chart.yaml")));
        var build = new Properties();
        try (var info = getClass().getResourceAsStream("/META-INF/build-info.properties")) {
            build.load(info);
        }

        assertThat(chart).containsEntry("appVersion", build.getProperty("build.version"));
    }

    @Test
    void itHasFewValues() throws IOException {
        assertThat(Files.readAllLines(Chart.OURS.resolve("values.yaml"))).hasSizeLessThan(250);
    }

    @Test
    void onItsOwnItBringsWhatStandsBesideThePodsAndNoPodOrRight() throws IOException {
        var installed = ours.template("podMonitor: {labels: {release: prometheus}}");

        assertThat(installed.kinds()).containsExactlyInAnyOrder("Secret", "ConfigMap", "PodMonitor", "PrometheusRule");
        var monitor = installed.only(PodMonitor.class);
        assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(monitor.getSpec().getSelector().getMatchLabels())
                .containsOnly(Map.entry("app.kubernetes.io/name", "otherix-api"));
        assertThat(monitor.getSpec().getPodMetricsEndpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.getPort())
                        .isEqualTo(plainContainer().getPorts().getFirst().getName()))
                .satisfies(endpoint -> assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus"));
        var dashboard = installed.only(ConfigMap.class);
        assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(dashboard.getData().get(NAME + ".json"))
                .isEqualTo(Files.readString(Chart.OURS.resolve("files/dashboard.json"))
                        .strip());
    }

    @Test
    void theRulesAreThoseOfTheFile() throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(Files.readString(Chart.OURS.resolve("files/rules.yml")));
        var rule = ours.template("").only(PrometheusRule.class);

        assertThat(rule.getSpec().getGroups())
                .isNotEmpty()
                .extracting(group -> group.getRules().size())
                .isEqualTo(file.get("groups").stream()
                        .map(group -> ((List<?>) group.get("rules")).size())
                        .toList());
    }

    @Test
    void eachOfItCanBeLeftOut() {
        assertThat(ours.template("""
                podMonitor: {enabled: false}
                prometheusRule: {enabled: false}
                dashboard: {enabled: false}
                tokens: {existingSecret: mine}
                """).objects()).isEmpty();
    }

    @Test
    void theMadeSecretHoldsATokenAndItsHash() throws Exception {
        var secret = ours.template("").only(Secret.class);
        var token = decoded(secret.getData().get("token"));
        var hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));

        assertThat(token).matches("otx_[A-Za-z0-9]{43}");
        assertThat(new Yaml().<Object>load(decoded(secret.getData().get("tokens.yaml"))))
                .isEqualTo(Map.of("tokens", List.of(Map.of("name", "chart", "scope", "admin", "sha256", hash))));
        assertThat(ours.template("").only(Secret.class).getData().get("token"))
                .isNotEqualTo(secret.getData().get("token"));
    }

    @Test
    void anUpgradeKeepsTheTokens() {
        var token = encoded("otx_of_before");
        var entries = encoded("tokens: []");
        var secret = """
                {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "backup-otherix-etcd-backup-tokens", "namespace": "otherix"},
                 "data": {"token": "%s", "tokens.yaml": "%s"}}""".formatted(token, entries);

        assertThat(ours.templateOver(secret, "").only(Secret.class).getData())
                .containsOnly(Map.entry("token", token), Map.entry("tokens.yaml", entries));
    }

    @Test
    void theContainerIsRestricted() {
        var container = plainContainer();

        assertThat(container.getSecurityContext())
                .satisfies(
                        context -> assertThat(context.getRunAsNonRoot()).isTrue(),
                        context -> assertThat(context.getRunAsUser()).isEqualTo(65532L),
                        context -> assertThat(context.getRunAsGroup()).isEqualTo(65532L),
                        context ->
                                assertThat(context.getReadOnlyRootFilesystem()).isTrue(),
                        context -> assertThat(context.getAllowPrivilegeEscalation())
                                .isFalse(),
                        context -> assertThat(context.getPrivileged()).isNull(),
                        context ->
                                assertThat(context.getCapabilities().getDrop()).containsExactly("ALL"),
                        context ->
                                assertThat(context.getCapabilities().getAdd()).isEmpty(),
                        context -> assertThat(context.getSeccompProfile().getType())
                                .isEqualTo("RuntimeDefault"));
        assertThat(container.getResources().getLimits()).containsOnly(Map.entry("memory", new Quantity("320Mi")));
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .containsExactlyInAnyOrder("/var/lib/otherix-backup", "/tmp");
    }

    /** Backup trouble must not take otherix-api out of service, or keep it from starting. */
    @Test
    void itsOnlyProbeAsksWhetherTheProcessLives() {
        for (var kind : List.of(PLAIN, NATIVE)) {
            var container = container(kind);
            assertThat(container.getReadinessProbe()).isNull();
            assertThat(container.getStartupProbe()).isNull();
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
            assertThat(container.getLivenessProbe().getHttpGet().getPort().getStrVal())
                    .isEqualTo("backup-monitor");
        }
    }

    @Test
    void theNativeSidecarIsTheSameContainerThatKeepsRunning() {
        var sidecar = container(NATIVE);
        assertThat(sidecar.getRestartPolicy()).isEqualTo("Always");

        sidecar.setRestartPolicy(null);
        assertThat(sidecar).isEqualTo(plainContainer());
    }

    @Test
    void itBacksUpUnlessTold() {
        assertThat(settings(plainContainer()))
                .containsOnly(
                        Map.entry("OTHERIX_WORKERS__BACKUP__ENABLED", "true"),
                        Map.entry("OTHERIX_WORKERS__BACKUP__INTERVAL", "6h"),
                        Map.entry("OTHERIX_WORKERS__BACKUP__RETENTION", "7"),
                        Map.entry("OTHERIX_WORKERS__BACKUP__DIR", "/var/lib/otherix-backup/snapshots"),
                        Map.entry("OTHERIX_MONITORING__LISTEN", "0.0.0.0:8091"),
                        Map.entry("OTHERIX_API__TOKENS_FILE", "/etc/otherix-etcd-backup/tokens.yaml"),
                        Map.entry("OTHERIX_API__TOKEN_FILE", "/etc/otherix-etcd-backup/token"));
    }

    @Test
    void settingsReachTheContainer() {
        var container = container("""
                native: false
                otherix-etcd-backup:
                  backup: {enabled: false, interval: 1h30m, retention: 0}
                  settings: {stream.rate_limit: 50MB, retention.on_demand: 3}
                """);

        assertThat(settings(container))
                .contains(
                        Map.entry("OTHERIX_WORKERS__BACKUP__ENABLED", "false"),
                        Map.entry("OTHERIX_WORKERS__BACKUP__INTERVAL", "1h30m"),
                        Map.entry("OTHERIX_WORKERS__BACKUP__RETENTION", "0"),
                        Map.entry("OTHERIX_STREAM__RATE_LIMIT", "50MB"),
                        Map.entry("OTHERIX_RETENTION__ON_DEMAND", "3"));
    }

    @Test
    void copiesGoToABucket() {
        var manifests = parent.template(PLAIN + """
                otherix-etcd-backup:
                  offsite:
                    recipients: [age1qqq, age1zzz]
                    s3:
                      bucket: backups
                      region: eu-central-1
                      endpoint: https://s3.example.com
                      credentialsSecret: store
                      caConfigMap: own-ca
                  settings: {offsite.retention.monthly: 24}
                """);
        var container = container(manifests, PLAIN);

        assertThat(settings(container))
                .contains(
                        Map.entry("OTHERIX_OFFSITE__RECIPIENTS", "age1qqq,age1zzz"),
                        Map.entry("OTHERIX_OFFSITE__S3__BUCKET", "backups"),
                        Map.entry("OTHERIX_OFFSITE__S3__REGION", "eu-central-1"),
                        Map.entry("OTHERIX_OFFSITE__S3__ENDPOINT", "https://s3.example.com"),
                        Map.entry("OTHERIX_OFFSITE__RETENTION__MONTHLY", "24"))
                .doesNotContainKey("OTHERIX_OFFSITE__FILESYSTEM__PATH");
        assertThat(mounted(manifests, settings(container).get("OTHERIX_OFFSITE__S3__CREDENTIALS_FILE"), "credentials")
                        .getSecret())
                .satisfies(
                        secret -> assertThat(secret.getSecretName()).isEqualTo("store"),
                        secret -> assertThat(secret.getDefaultMode()).isEqualTo(0400));
        assertThat(mounted(manifests, settings(container).get("OTHERIX_OFFSITE__S3__CA_FILE"), "ca.crt")
                        .getConfigMap()
                        .getName())
                .isEqualTo("own-ca");
    }

    @Test
    void copiesGoToAVolume() {
        var manifests = parent.template(PLAIN + """
                otherix-etcd-backup:
                  offsite: {recipients: [age1qqq], filesystem: {volume: {nfs: {server: nas, path: /backups}}}}
                """);
        var path = settings(container(manifests, PLAIN)).get("OTHERIX_OFFSITE__FILESYSTEM__PATH");

        assertThat(volumeAt(manifests, path).getNfs().getServer()).isEqualTo("nas");
        assertThat(container(manifests, PLAIN).getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals(path))
                .allSatisfy(mount -> assertThat(mount.getReadOnly()).isNull())
                .hasSize(1);
    }

    @Test
    void copiesGoToAVolumeOfThePod() {
        var container = container(PLAIN + """
                otherix-etcd-backup:
                  offsite: {filesystem: {volumeName: archive}}
                  settings: {offsite.encryption: none}
                """);

        assertThat(container.getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("archive");
            assertThat(mount.getMountPath()).isEqualTo(settings(container).get("OTHERIX_OFFSITE__FILESYSTEM__PATH"));
        });
    }

    @Test
    void credentialsMayComeAnotherWay() {
        var container = container(PLAIN + """
                otherix-etcd-backup:
                  offsite: {recipients: [age1qqq], s3: {bucket: backups, region: eu-central-1}}
                  settings: {offsite.s3.credentials: web_identity}
                """);

        assertThat(settings(container))
                .containsEntry("OTHERIX_OFFSITE__S3__CREDENTIALS", "web_identity")
                .doesNotContainKey("OTHERIX_OFFSITE__S3__CREDENTIALS_FILE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {s3: {bucket: b, region: r, credentialsSecret: s}}                       | nobody to open it
            {recipients: [age1qqq]}                                                  | no place for copies
            {recipients: [age1qqq], s3: {bucket: b, region: r}}                      | nothing opens the bucket
            {recipients: [age1qqq], filesystem: {volume: {emptyDir: {}}}}            | must outlive its pod
            {recipients: [age1qqq], filesystem: {volumeName: a, volume: {nfs: {}}}}  | both set
            {recipients: [AGE-SECRET-KEY-1X], s3: {bucket: b}}                       | /offsite/recipients/0
            {s3: {bucket: b, endpoint: s3.example.com}}                              | /offsite/s3/endpoint
            {s3: {bukket: b}}                                                        | bukket
            """)
    void targetsThatCannotWorkAreRefused(String offsite, String message) {
        var values = PLAIN + "otherix-etcd-backup: {offsite: " + offsite + "}\n";

        assertThatThrownBy(() -> parent.template(values)).hasMessageContaining(message);
    }

    /** Helm reads each number as a floating-point one, and writes those from a million on with an exponent. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "999999", "1000000", "1073741824", "123456789012345", "1234567.5", "-1"})
    void aNumberArrivesAsItWasWritten(String number) {
        var kept = number.matches("[0-9]+") ? number : "7";
        var container = container(PLAIN + """
                otherix-etcd-backup:
                  backup: {retention: %s}
                  settings: {directory.reserve: %s, retention.on_demand: "%s"}
                  resources: {limits: {memory: %s}}
                """.formatted(kept, number, number, kept));

        assertThat(settings(container))
                .contains(
                        Map.entry("OTHERIX_WORKERS__BACKUP__RETENTION", kept),
                        Map.entry("OTHERIX_DIRECTORY__RESERVE", number),
                        Map.entry("OTHERIX_RETENTION__ON_DEMAND", number));
        assertThat(container.getResources().getLimits().get("memory").getNumericalAmount())
                .isEqualByComparingTo(kept);
    }

    @Test
    void whatIsUnsetIsLeftToTheService() {
        var container = container(PLAIN + "otherix-etcd-backup: {backup: {interval: ~, retention: ~}}\n");

        assertThat(settings(container))
                .containsEntry("OTHERIX_WORKERS__BACKUP__ENABLED", "true")
                .doesNotContainKeys("OTHERIX_WORKERS__BACKUP__INTERVAL", "OTHERIX_WORKERS__BACKUP__RETENTION");
    }

    /**
     * With every length that Helm takes, in names that have a hyphen wherever they may be cut, and in those that look
     * like numbers.
     */
    @Test
    void everyNameIsOneForKubernetesWhateverTheReleasesIs() {
        var releases = Stream.concat(
                        IntStream.rangeClosed(1, 53)
                                .boxed()
                                .flatMap(length -> Stream.of(
                                        "r".repeat(length),
                                        "1".repeat(length),
                                        ("r-".repeat(27)).substring(0, length - 1) + "r")),
                        Stream.of("otherix-etcd-backup-" + "r-".repeat(16) + "r", "1e6", "0x10", "null", "true"))
                .distinct()
                .toList();
        for (var release : releases) {
            var installed = ours.templateAs(release, "");
            assertThat(installed.objects())
                    .as(release)
                    .extracting(object -> object.getMetadata().getName())
                    .allSatisfy(name -> assertThat(name)
                            .hasSizeLessThan(64)
                            .startsWith(release)
                            .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
            var secret = installed.only(Secret.class).getMetadata().getName();
            assertThat(secret).endsWith("-tokens");
            assertThat(installed.only(ConfigMap.class).getMetadata().getName()).endsWith("-dashboard");
            assertThat(installed.objects())
                    .allSatisfy(object -> assertThat(object.getMetadata().getLabels())
                            .containsEntry("app.kubernetes.io/instance", release));
        }
    }

    @Test
    void aNameOfDigitsStaysAName() {
        var container = container("""
                native: false
                otherix-etcd-backup: {stateVolumeName: "1000000", tokens: {existingSecret: "1000000"}, directory: {volumeName: "007"}}
                """);

        assertThat(container.getVolumeMounts()).extracting(VolumeMount::getName).contains("1000000", "007");
    }

    @Test
    void secretsComeAsFilesThatTheServicesGroupMayReadAndNeverAsVariables() {
        var pod = pod(plain).getSpec();

        assertThat(plainContainer().getEnv())
                .allSatisfy(variable -> assertThat(variable.getValueFrom()).isNull());
        assertThat(plainContainer().getEnvFrom()).isEmpty();
        assertThat(volume(pod, NAME + "-tokens").getSecret())
                .satisfies(
                        secret -> assertThat(secret.getSecretName())
                                .isEqualTo(
                                        plain.only(Secret.class).getMetadata().getName()),
                        secret -> assertThat(secret.getDefaultMode()).isEqualTo(0400));
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(65532L);
    }

    @Test
    void eachPodReadsTheHeartbeatsUrlFromTheKeyOfItsName() {
        var manifests = parent.template(PLAIN + "otherix-etcd-backup: {heartbeat: {existingSecret: beats}}\n");
        var variables = container(manifests, PLAIN).getEnv();

        assertThat(variables.getFirst().getName()).as("set before it is used").isEqualTo("POD_NAME");
        assertThat(variables.getFirst().getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("metadata.name");
        var path = variables.stream()
                .filter(variable -> variable.getName().equals("OTHERIX_HEARTBEAT__URL_FILE"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(mounted(manifests, path, "$(POD_NAME)").getSecret())
                .satisfies(
                        secret -> assertThat(secret.getSecretName()).isEqualTo("beats"),
                        secret -> assertThat(secret.getDefaultMode()).isEqualTo(0400));
    }

    @Test
    void everyMountHasItsVolume() {
        var set = plain.only(StatefulSet.class);
        var volumes = set.getSpec().getTemplate().getSpec().getVolumes().stream()
                .map(Volume::getName)
                .toList();

        assertThat(plainContainer().getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrder(
                        volumes.get(0),
                        volumes.get(1),
                        set.getSpec()
                                .getVolumeClaimTemplates()
                                .getFirst()
                                .getMetadata()
                                .getName());
    }

    @Test
    void aVolumeForTheDirectoryIsAdded() {
        var manifests = parent.template(directory("""
                {volumeName: "", volume: {persistentVolumeClaim: {claimName: mine}}}"""));

        assertThat(volume(pod(manifests).getSpec(), NAME + "-directory")
                        .getPersistentVolumeClaim()
                        .getClaimName())
                .isEqualTo("mine");
    }

    @Test
    void theStateOfOtherixApiIsOnlyRead() {
        var container = container(PLAIN + "otherix-etcd-backup: {stateVolumeName: state}\n");

        assertThat(container.getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("state");
            assertThat(mount.getMountPath()).isEqualTo("/var/lib/otherix");
            assertThat(mount.getReadOnly()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {volumeName: "", volume: {emptyDir: {}}}                         | must outlive its pod
            {volumeName: "", volume: {ephemeral: {volumeClaimTemplate: {}}}} | must outlive its pod
            {volumeName: "", volume: {}}                                     | there is no place for snapshots
            {volumeName: x, volume: {hostPath: {path: /x}}}                  | both set
            """)
    void aDirectoryThatWouldNotLastIsRefused(String directory, String message) {
        assertThatThrownBy(() -> parent.template(directory(directory)))
                .hasMessageContaining("otherix-etcd-backup: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bakcup: {}                                | bakcup
            backup: {interval: 6}                     | /backup/interval
            backup: {interval: 6 hours}               | /backup/interval
            backup: {retention: -1}                   | /backup/retention
            podSelector: {app.kubernetes.io/name: ~}  | podSelector
            settings: {monitoring.listen: off}        | monitoring.listen
            settings: {STREAM: x}                     | STREAM
            settings: {heartbeat.url: "http://x/y"}   | heartbeat.url
            image: {repository: ""}                   | /image/repository
            """)
    void valuesThatMeanNothingAreRefused(String values, String where) {
        assertThatThrownBy(() -> ours.template(values)).hasMessageContaining(where);
    }

    @Test
    void theNotesSayTheNextStep() {
        assertThat(ours.notes(""))
                .contains(
                        "NEXT STEP",
                        "otherix-etcd-backup.sidecar",
                        "app.kubernetes.io/name=otherix-api",
                        "kubectl -n otherix exec POD -c otherix-etcd-backup -- otherix-etcd-backup snapshot",
                        "get secret backup-otherix-etcd-backup-tokens -o go-template='{{.data.token | base64decode}}'");
    }

    /** For a parent with extraContainers: what the chart renders for the release "backup", as values. */
    @Test
    void theValuesToPasteAreWhatTheTemplatesMake() throws IOException {
        Map<String, List<Map<String, Object>>> paste =
                new Yaml().load(Files.readString(Chart.OURS.resolve("examples/extra-containers.yaml")));
        var pod = pod(plain).getSpec();
        var same = Manifests.yaml(Map.of(
                "extraContainers",
                List.of(plainContainer()),
                "extraVolumes",
                pod.getVolumes(),
                "podSecurityContext",
                pod.getSecurityContext()));

        assertThat(paste).isEqualTo(new Yaml().load(same));
    }

    private static Container plainContainer() {
        return container(plain, PLAIN);
    }

    private static Container container(String values) {
        return container(parent.template(values), values);
    }

    private static Container container(Manifests manifests, String values) {
        var pod = pod(manifests).getSpec();
        var where = values.contains("native: true") ? pod.getInitContainers() : pod.getContainers();
        return where.stream()
                .filter(container -> container.getName().equals(NAME))
                .findFirst()
                .orElseThrow();
    }

    /** The volume that brings this file, and is only read. */
    private static Volume mounted(Manifests manifests, String path, String file) {
        assertThat(path).endsWith("/" + file);
        var directory = path.substring(0, path.length() - file.length() - 1);
        assertThat(container(manifests, PLAIN).getVolumeMounts())
                .filteredOn(mount -> mount.getMountPath().equals(directory))
                .extracting(VolumeMount::getReadOnly)
                .containsExactly(true);
        return volumeAt(manifests, directory);
    }

    private static Volume volumeAt(Manifests manifests, String directory) {
        return container(manifests, PLAIN).getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals(directory))
                .map(mount -> volume(pod(manifests).getSpec(), mount.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static PodTemplateSpec pod(Manifests manifests) {
        return manifests.only(StatefulSet.class).getSpec().getTemplate();
    }

    private static Volume volume(PodSpec pod, String name) {
        return pod.getVolumes().stream()
                .filter(volume -> volume.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> settings(Container container) {
        return container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static String directory(String directory) {
        return PLAIN + "otherix-etcd-backup: {directory: %s}\n".formatted(directory);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
