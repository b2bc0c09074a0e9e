package dev.otherix.backup.build;

import static dev.otherix.backup.build.TemporaryMachine.MAVEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MvnwTests {

    private static final String IN_THE_ARCHIVE = "https://archive.apache.org/dist/maven/maven-3/" + MAVEN
            + "/binaries/apache-maven-" + MAVEN + "-bin.tar.gz";

    @TempDir
    private Path directory;

    private TemporaryMachine machine;

    @BeforeEach
    void setUpMachine() throws IOException {
        machine = new TemporaryMachine(directory.resolve("machine"));
    }

    @Nested
    class TheJdk {

        @BeforeEach
        void setUpMaven() throws IOException {
            machine.mavenOnPath("3.9.0");
        }

        @Test
        void javaHomeComesFirst() throws Exception {
            machine.jdk("27");
            machine.javaOnPath(machine.jdk("26", machine.elsewhere("on path")));
            var chosen = machine.jdk("25", machine.elsewhere("java home"));
            machine.environment.put("JAVA_HOME", chosen.toString());

            var answer = machine.mvnw();

            assertThat(answer.java()).isEqualTo(chosen.toString());
            assertThat(answer.err()).isEmpty();
        }

        @Test
        void javaOnPathComesNextAndItsHomeIsFoundBehindTheLink() throws Exception {
            machine.jdk("27");
            var chosen = machine.jdk("26", machine.elsewhere("on path"));
            machine.javaOnPath(chosen);

            assertThat(machine.mvnw().java()).isEqualTo(chosen.toString());
        }

        @Test
        void theNewestOfTheUsualPlacesComesLast() throws Exception {
            machine.javaOnPath(machine.jdk("17.0.15", machine.elsewhere("on path")));
            machine.jdk("25.0.9");
            var newest = machine.jdk("25.0.10");
            machine.jdk("25");

            assertThat(machine.mvnw().java()).isEqualTo(newest.toString());
        }

        @Test
        void anEarlyAccessJdkCountsAsItsVersion() throws Exception {
            machine.jdk("25.0.3");
            var newest = machine.jdk("26-ea");

            assertThat(machine.mvnw().java()).isEqualTo(newest.toString());
        }

        @Test
        void sdkmanIsAUsualPlace() throws Exception {
            machine.environment.remove("MVNW_JDKS");
            // newer than whatever else this computer has in its usual places
            var chosen = machine.jdk("999", machine.home.resolve(".sdkman/candidates/java/999-tem"));

            assertThat(machine.mvnw().java()).isEqualTo(chosen.toString());
        }

        @Test
        void eachOfSeveralPlacesIsSearchedAlsoInTheLayoutOfMacOs() throws Exception {
            machine.jdk("25", machine.elsewhere("first/jdk"));
            var newest = machine.jdk("26", machine.elsewhere("second/jdk/Contents/Home"));
            machine.environment.put("MVNW_JDKS", machine.elsewhere("first") + ":" + machine.elsewhere("second"));

            assertThat(machine.mvnw().java()).isEqualTo(newest.toString());
        }

        @Test
        void anOldJavaHomeIsPassedOverWithOneLine() throws Exception {
            var old = machine.jdk("24.0.2", machine.elsewhere("old"));
            machine.environment.put("JAVA_HOME", old.toString());
            var chosen = machine.jdk("25");

            var answer = machine.mvnw();

            assertThat(answer.java()).isEqualTo(chosen.toString());
            assertThat(answer.err().lines())
                    .singleElement()
                    .asString()
                    .contains("JAVA_HOME", old.toString(), "24.0.2", "25 or newer");
        }

        @Test
        void aJavaHomeThatIsNotThereIsPassedOver() throws Exception {
            machine.environment.put("JAVA_HOME", machine.elsewhere("gone").toString());
            var chosen = machine.jdk("25");

            var answer = machine.mvnw();

            assertThat(answer.java()).isEqualTo(chosen.toString());
            assertThat(answer.err()).contains(machine.elsewhere("gone") + " holds no java that runs");
        }

        @Test
        void javaWithoutACompilerIsPassedOver() throws Exception {
            var runtime = machine.runtime("26", machine.elsewhere("runtime"));
            machine.environment.put("JAVA_HOME", runtime.toString());
            machine.javaOnPath(runtime);
            var chosen = machine.jdk("25");

            assertThat(machine.mvnw().java()).isEqualTo(chosen.toString());
        }

        @Test
        void withoutAJdkItSaysWhatWasFoundAndWhatToInstall() throws Exception {
            var runtime = machine.runtime("26", machine.elsewhere("runtime"));
            machine.javaOnPath(runtime);
            var old = machine.jdk("21.0.7");

            var answer = machine.mvnw("verify");

            assertThat(answer.exit()).isEqualTo(1);
            assertThat(answer.out()).isEmpty();
            assertThat(answer.err())
                    .containsOnlyOnce(old + " is Java 21.0.7")
                    .containsOnlyOnce(runtime + " is Java 26 without a compiler")
                    .contains("no JDK 25 or newer", "apt install", "SDKMAN", "JAVA_HOME");
        }

        @Test
        void theSameFindIsNamedOnce() throws Exception {
            var old = machine.jdk("21.0.7");
            machine.javaOnPath(old);

            assertThat(machine.mvnw().err()).containsOnlyOnce(old.toString());
        }
    }

    @Nested
    class Maven {

        @BeforeEach
        void setUpJdk() throws IOException {
            machine.jdk("25.0.3");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "apache-maven-" + MAVEN + "/1a2b3c",
                    "apache-maven-" + MAVEN + "-bin/1a2b3c",
                    "apache-maven-" + MAVEN + "-bin/1a2b3c/apache-maven-" + MAVEN,
                })
        void thePinnedVersionInTheCacheComesFirst(String layout) throws Exception {
            machine.mavenOnPath("3.9.99");
            machine.maven(machine.distributions().resolve(layout), "cached");

            assertThat(machine.mvnw().maven()).isEqualTo("cached");
        }

        @Test
        void theCacheIsBelowMavenUserHome() throws Exception {
            machine.mavenOnPath("3.9.99");
            machine.maven(
                    machine.elsewhere("maven/wrapper/dists/apache-maven-" + MAVEN + "/1a2b3c"), "cached elsewhere");
            machine.environment.put(
                    "MAVEN_USER_HOME", machine.elsewhere("maven").toString());

            assertThat(machine.mvnw().maven()).isEqualTo("cached elsewhere");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "apache-maven-3.9.1/1a2b3c",
                    "apache-maven-" + MAVEN + "0/1a2b3c",
                    "apache-maven-4.0.0-bin/1a2b3c"
                })
        void anotherVersionInTheCacheIsNotUsed(String layout) throws Exception {
            machine.mavenOnPath("3.9.0");
            machine.maven(machine.distributions().resolve(layout), "cached");

            assertThat(machine.mvnw().maven()).isEqualTo("PATH");
        }

        @ParameterizedTest
        @ValueSource(strings = {"3.8.6", "3.8.10", "3.9.0", "4.0.0-rc-4"})
        void mvnOnPathIsUsedFrom386On(String version) throws Exception {
            machine.mavenOnPath(version);
            machine.downloader("curl");

            var answer = machine.mvnw();

            assertThat(answer.maven()).isEqualTo("PATH");
            assertThat(answer.err()).isEmpty();
            assertThat(machine.downloads()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"3.8.5", "3.6.3", "2.99.99"})
        void anOlderMvnOnPathIsRefused(String version) throws Exception {
            machine.mavenOnPath(version);
            machine.downloader("curl");
            machine.pin(machine.archive());

            var answer = machine.mvnw();

            assertThat(answer.maven()).isEqualTo("downloaded");
            assertThat(answer.err()).contains("it is " + version, "3.8.6 or newer");
        }
    }

    @Nested
    class TheDownload {

        private String sha256 = "";

        @BeforeEach
        void setUpArchive() throws Exception {
            machine.jdk("25.0.3");
            sha256 = machine.archive();
            machine.pin(sha256);
        }

        @Test
        void comesFromTheApacheArchiveIsCheckedAndKept() throws Exception {
            machine.downloader("curl");
            machine.downloader("wget");

            var first = machine.mvnw();
            var second = machine.mvnw();

            assertThat(first.maven()).isEqualTo("downloaded");
            assertThat(second.maven()).isEqualTo("downloaded");
            assertThat(machine.downloads()).containsExactly("curl " + IN_THE_ARCHIVE);
            assertThat(machine.distributions()
                            .resolve("apache-maven-" + MAVEN)
                            .resolve(sha256)
                            .resolve("bin/mvn"))
                    .exists();
            assertThat(machine.distributions()).isDirectoryNotContaining("glob:**/.*");
        }

        @Test
        void comesThroughWgetWhereCurlIsMissing() throws Exception {
            machine.downloader("wget");

            assertThat(machine.mvnw().maven()).isEqualTo("downloaded");
            assertThat(machine.downloads()).containsExactly("wget " + IN_THE_ARCHIVE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"https://repository.example/maven", "https://repository.example/maven/"})
        void comesFromTheRepositoryThatIsNamed(String repository) throws Exception {
            machine.downloader("curl");
            machine.environment.put("MVNW_REPOURL", repository);

            assertThat(machine.mvnw().maven()).isEqualTo("downloaded");
            assertThat(machine.downloads())
                    .containsExactly("curl https://repository.example/maven/org/apache/maven/apache-maven/" + MAVEN
                            + "/apache-maven-" + MAVEN + "-bin.tar.gz");
        }

        @Test
        void isRefusedWithTheWrongSumAndNothingIsLeft() throws Exception {
            machine.downloader("curl");
            machine.pin("0".repeat(64));

            var answer = machine.mvnw();

            assertThat(answer.exit()).isEqualTo(1);
            assertThat(answer.out()).isEmpty();
            assertThat(answer.err()).contains(sha256, "0".repeat(64), IN_THE_ARCHIVE);
            assertThat(machine.distributions()).isEmptyDirectory();
        }

        @Test
        void isNotBegunWithoutASumToCheck() throws Exception {
            machine.downloader("curl");
            machine.properties("distributionUrl=" + IN_THE_ARCHIVE + "\n");

            var answer = machine.mvnw();

            assertThat(answer.exit()).isEqualTo(1);
            assertThat(answer.err()).contains("distributionSha256Sum");
            assertThat(machine.downloads()).isEmpty();
        }

        @Test
        void thatFailsLeavesNothingAndSaysWhatToDo() throws Exception {
            machine = new TemporaryMachine(directory.resolve("no archive"));
            machine.jdk("25");
            machine.downloader("curl");

            var answer = machine.mvnw();

            assertThat(answer.exit()).isEqualTo(1);
            assertThat(answer.err()).contains("cannot download " + IN_THE_ARCHIVE, "3.8.6 or newer", "MVNW_REPOURL");
            assertThat(machine.distributions()).isEmptyDirectory();
        }

        @Test
        void needsCurlOrWget() throws Exception {
            var answer = machine.mvnw();

            assertThat(answer.exit()).isEqualTo(1);
            assertThat(answer.err()).contains("neither curl nor wget");
            assertThat(machine.distributions()).isEmptyDirectory();
        }
    }

    @Nested
    class TheCall {

        @Test
        void bringsEveryArgumentUnchanged() throws Exception {
            machine.jdk("25");
            machine.mavenOnPath("3.9.0");

            var answer = machine.mvnw("-B", "", "two words", "-Da=\"b\" 'c'", "$HOME", "*", "a\\b", "-v");

            assertThat(answer.out()).endsWith("[-B]\n[]\n[two words]\n[-Da=\"b\" 'c']\n[$HOME]\n[*]\n[a\\b]\n[-v]\n");
        }

        @Test
        void runsMavenInTheDirectoryOfTheCaller() throws Exception {
            machine.jdk("25");
            machine.downloader("curl");
            machine.pin(machine.archive());

            var answer = machine.mvnwIn(machine.home);

            assertThat(answer.maven()).isEqualTo("downloaded");
            assertThat(answer.directory()).isEqualTo(machine.home.toString());
        }

        @Test
        void worksWithSpacesInEveryPath() throws Exception {
            machine = new TemporaryMachine(directory.resolve("a  machine with spaces"));
            machine.environment.put(
                    "JAVA_HOME", machine.jdk("24", machine.elsewhere("old jdk")).toString());
            var jdk = machine.jdk("25");
            machine.downloader("curl");
            machine.pin(machine.archive());

            var answer = machine.mvnw();
            var again = machine.mvnw();

            assertThat(answer.maven()).isEqualTo("downloaded");
            assertThat(answer.java()).isEqualTo(jdk.toString());
            assertThat(again.maven()).isEqualTo("downloaded");
            assertThat(machine.downloads()).hasSize(1);
        }

        @Test
        void endsWithTheExitCodeOfMaven() throws Exception {
            machine.jdk("25");
            machine.mavenOnPath("3.9.0");
            machine.environment.put("MAVEN_EXIT", "7");

            assertThat(machine.mvnw().exit()).isEqualTo(7);
        }
    }

    @Test
    void thePinnedMavenIsAReleaseInTheApacheArchiveWithItsSum() throws IOException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(".mvn/wrapper/maven-wrapper.properties"))) {
            properties.load(reader);
        }

        assertThat(properties.getProperty("distributionUrl"))
                .matches(
                        "https://archive\\.apache\\.org/dist/maven/maven-3/(3\\.9\\.\\d+)/binaries/apache-maven-\\1-bin\\.tar\\.gz");
        assertThat(properties.getProperty("distributionSha256Sum")).matches("[0-9a-f]{64}");
    }
}
