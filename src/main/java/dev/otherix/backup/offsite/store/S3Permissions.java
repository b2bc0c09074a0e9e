package dev.otherix.backup.offsite.store;

/** Names the rights that a step needs, in the words of Amazon's policies. */
final class S3Permissions {

    private S3Permissions() {}

    /** @param doing what was tried: {@code "writing KEY"} */
    static String of(String doing) {
        return switch (doing.split(" ", 2)[0]) {
            case "listing" ->
                doing.startsWith("listing the versions")
                        ? "s3:ListBucketVersions on the bucket"
                        : "s3:ListBucket on the bucket";
            case "reading", "looking" -> "s3:GetObject and s3:GetObjectVersion on its objects";
            case "deleting" -> "s3:DeleteObject and s3:DeleteObjectVersion on its objects";
            case "locking" -> "s3:PutObjectRetention on its objects";
            default ->
                "s3:PutObject and s3:AbortMultipartUpload on its objects"
                        + (doing.contains(" and locking ") ? ", and s3:PutObjectRetention for the lock" : "");
        };
    }
}
