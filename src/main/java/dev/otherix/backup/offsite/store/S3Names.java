package dev.otherix.backup.offsite.store;

import dev.otherix.backup.config.HostAddress;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Loopback;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What names and addresses of S3 may be. Each refusal names the setting or the option that has the value. */
final class S3Names {

    /** Wider than Amazon's rule: other stores allow more. */
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,62}");

    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern TAG = Pattern.compile("([\\w +\\-.:/@]{1,128})=([\\w +\\-.:/@]{0,256})");
    private static final int MOST_TAGS = 10;

    private S3Names() {}

    static void bucket(String key, String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new InvalidSetting(
                    key,
                    bucket,
                    bucket.length() < 3 ? "is shorter than any name of a bucket" : "is not the name of a bucket",
                    "Write the name alone, without s3:// and without a folder: that is offsite.prefix.");
        }
    }

    static void region(String key, String region) {
        if (!REGION.matcher(region).matches()) {
            throw new InvalidSetting(key, region, "is not the name of a region", "Write it as eu-central-1.");
        }
    }

    /** @param plainHttp whether plain http is allowed to other hosts than loopback */
    static URI endpoint(String key, String endpoint, boolean plainHttp) {
        var url = HostAddress.parse(key, endpoint, "https://");
        if ("http".equalsIgnoreCase(url.getScheme()) && !plainHttp && !Loopback.contains(url.getHost())) {
            throw new InvalidSetting(
                    key,
                    endpoint,
                    "is plain http to a host that is not loopback",
                    "Use https. To send copies and signatures in the clear all the same, set"
                            + " offsite.s3.plain_http: true.");
        }
        return url;
    }

    static URI proxy(String key, String proxy) {
        return HostAddress.parse(key, proxy, "http://");
    }

    static Map<String, String> tags(String key, String text) {
        var tags = new LinkedHashMap<String, String>();
        for (var part : text.split(",")) {
            var tag = TAG.matcher(part.strip());
            if (!tag.matches() || tags.putIfAbsent(tag.group(1), tag.group(2)) != null || tags.size() > MOST_TAGS) {
                throw new InvalidSetting(
                        key,
                        text,
                        "is not a list of at most 10 tags",
                        "Write KEY=VALUE, comma separated, each key once; of letters, digits, spaces and +-=._:/@.");
            }
        }
        return tags;
    }
}
