package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.OtherixEtcdBackup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Draws up the document that the service serves, from the running controllers, and holds the committed one to it. */
class OpenApiTests {

    private static final Path COMMITTED = Path.of("src/main/resources/static/v1/openapi.json");
    private static final JsonMapper JSON = new JsonMapper();

    /** Beans beside those of the service. */
    static class Description {

        @Bean
        ApiDescription apiDescription() {
            return new ApiDescription();
        }
    }

    @Test
    void theCommittedDocumentDescribesTheControllers(@TempDir Path temporary) throws Exception {
        var drawnUp =
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(drawnUp(temporary.resolve("token"))) + "\n";
        if (Boolean.getBoolean("openapi.write")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, drawnUp);
        }
        assertThat(COMMITTED)
                .as("the OpenAPI document; after a change of the API write it anew:"
                        + " ./mvnw test -Dtest=OpenApiTests -Dopenapi.write=true")
                .content()
                .isEqualTo(drawnUp);
    }

    private static JsonNode drawnUp(Path tokenFile) throws IOException, InterruptedException {
        var service = new SpringApplicationBuilder(OtherixEtcdBackup.class, Description.class)
                .initializers(context -> TestPropertyValues.of(
                                "springdoc.api-docs.enabled=true", "springdoc.paths-to-match=/v1/**,/healthz,/readyz")
                        .applyTo(context));
        // no etcd: that does not change what the controllers are; the directory does
        try (var context = service.run(
                        "--api.listen=127.0.0.1:0",
                        "--etcd.client_url=http://127.0.0.1:9",
                        "--api.token_file=" + tokenFile,
                        "--workers.backup.dir=" + tokenFile.resolveSibling("snapshots"));
                var http = HttpClient.newHttpClient()) {
            var port = ((WebServerApplicationContext) context).getWebServer().getPort();
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs"))
                    .header(
                            "Authorization",
                            "Bearer " + Files.readString(tokenFile).strip())
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }
    }
}
