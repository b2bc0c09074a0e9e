package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One object of a bucket, or a part of it, to be read. */
final class S3Source implements FarStream.Source {

    private static final int NOT_SATISFIABLE = 416;

    private final S3Calls calls;
    private final String bucket;
    private final String key;
    private final @Nullable String versionId;
    private final long offset;
    private final long length;
    private final S3Exchange exchange = new S3Exchange(new Progress(), _ -> {}, Long.MAX_VALUE);

    S3Source(S3Calls calls, String bucket, String key, @Nullable String versionId, long offset, long length) {
        this.calls = calls;
        this.bucket = bucket;
        this.key = key;
        this.versionId = versionId;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public String doing() {
        return "reading " + key;
    }

    @Override
    public InputStream open() throws IOException {
        try {
            var object = ScopedValue.where(S3Exchange.CURRENT, exchange).call(this::request);
            if (offset > 0 && object.response().contentRange() == null) {
                object.abort();
                throw calls.failures()
                        .failure(Code.REFUSED, doing() + ": the store sends all of it when asked for a part", null);
            }
            return new Whole(object);
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_SATISFIABLE) {
                return new ByteArrayInputStream(new byte[0]);
            }
            throw refused;
        }
    }

    private ResponseInputStream<GetObjectResponse> request() {
        return calls.client().getObject(request -> {
            request.bucket(bucket).key(key).versionId(versionId);
            if (offset > 0 || length < Long.MAX_VALUE) {
                request.range("bytes=" + offset + "-" + last());
            }
        });
    }

    private String last() {
        return length >= Long.MAX_VALUE - offset ? "" : String.valueOf(offset + length - 1);
    }

    @Override
    public void abort() {
        exchange.abort();
    }

    @Override
    public StoreFailure failure(Code code, String problem, @Nullable Throwable thrown) {
        return thrown == null
                ? calls.failures().failure(code, doing() + ": " + problem, null)
                : calls.failures().of(doing(), thrown);
    }

    /** Ends after {@link #length} bytes, whatever the store sends; what is not read to its end is cut off. */
    private final class Whole extends java.io.FilterInputStream {

        private final ResponseInputStream<GetObjectResponse> object;
        private long left = length;
        private boolean atEnd;

        Whole(ResponseInputStream<GetObjectResponse> object) {
            super(object);
            this.object = object;
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            if (left <= 0) {
                return -1;
            }
            var got = super.read(bytes, from, (int) Math.min(count, left));
            left -= Math.max(0, got);
            atEnd = got < 0;
            return got;
        }

        @Override
        public void close() throws IOException {
            if (!atEnd) {
                object.abort();
            }
            super.close();
        }
    }
}
