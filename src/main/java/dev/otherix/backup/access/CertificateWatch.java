package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Lets the API serve the certificate that is on disk. Reads the files again every few seconds, because the system
 * reports changes of one directory only: not of a link further up, and none if a system limit is reached. Accepts files
 * that are the same twice in a row, so that it never uses half-written ones. If the files cannot be used, it keeps the
 * last ones and logs that once.
 */
final class CertificateWatch implements SslBundleRegistrar {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final @Nullable ServerTls files;
    private final ServedCertificate served;
    private final FileLook looks;
    private @Nullable SslBundleRegistry registry;
    private String seen = "";
    private String judged = "";
    private @Nullable String problem;

    CertificateWatch(TlsProperties settings, AccessProperties access) {
        this.files = settings.on() ? new ServerTls(settings) : null;
        this.served = new ServedCertificate(access.tokenFile());
        this.looks = new FileLook("the files of api.tls", "the API still shows its last good certificate", this::look);
    }

    @Override
    public synchronized void registerBundles(SslBundleRegistry bundles) {
        if (files != null) {
            seen = files.content();
            judged = seen;
            var identity = files.read();
            bundles.registerBundle(ServerTls.BUNDLE, identity.bundle());
            note(identity);
            registry = bundles;
        }
    }

    @Scheduled(fixedDelayString = "PT5S")
    void tick() {
        if (files != null) {
            looks.begin();
        }
    }

    synchronized void look() {
        if (files == null || registry == null) {
            return;
        }
        var now = files.content();
        if (now.equals(seen) && !now.equals(judged)) {
            judged = now;
            take(files, registry);
        }
        seen = now;
    }

    private void take(ServerTls from, SslBundleRegistry bundles) {
        try {
            var identity = from.read();
            bundles.updateBundle(ServerTls.BUNDLE, identity.bundle());
            note(identity);
            problem = null;
            LOG.info(
                    "the API now serves the certificate in {}, valid until {}",
                    from.certificateFile(),
                    identity.certificate().getNotAfter().toInstant());
        } catch (InvalidSetting unusable) {
            keep(unusable.getMessage() + ". " + unusable.fix());
        } catch (IllegalStateException | IllegalArgumentException refused) {
            keep("api.tls.cert_file = " + from.certificateFile() + " and its key were refused by the web server ("
                    + refused.getMessage() + ")");
        }
    }

    private void keep(String why) {
        if (!Objects.equals(problem, why)) {
            LOG.warn("the API still serves its last good certificate: {}", why);
        }
        problem = why;
    }

    private void note(ServerTls.Identity identity) {
        try {
            served.note(identity.certificate());
        } catch (IOException notWritten) {
            LOG.info(
                    "cannot record in {} which certificate the API serves ({}): commands trust the one in "
                            + "api.tls.cert_file only",
                    served.file(),
                    notWritten.toString());
        }
    }
}
