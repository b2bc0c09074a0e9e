package dev.otherix.backup.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Refuses a body of more than {@value #BYTES} bytes, by its announced length or, without one, while it is read; and a
 * body that has not arrived by its {@link BodyDeadline}.
 */
@ControllerAdvice
final class BodyLimit extends RequestBodyAdviceAdapter {

    static final int BYTES = 64 << 10;

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        if (message.getHeaders().getContentLength() > BYTES) {
            throw tooLarge();
        }
        var body = new Limited(message.getBody());
        return new HttpInputMessage() {
            @Override
            public InputStream getBody() {
                return body;
            }

            @Override
            public HttpHeaders getHeaders() {
                return message.getHeaders();
            }
        };
    }

    private static ApiFailure tooLarge() {
        return new ApiFailure(
                HttpStatus.CONTENT_TOO_LARGE,
                ErrorCode.VALIDATION_FAILED.problem("the body is larger than " + BYTES + " bytes"));
    }

    private static ApiFailure tooSlow() {
        return new ApiFailure(
                HttpStatus.REQUEST_TIMEOUT,
                ErrorCode.VALIDATION_FAILED.problem("the body took longer than " + BodyDeadline.LIMIT.toSeconds()
                        + " s to arrive; send it at once"));
    }

    private static final class Limited extends FilterInputStream {

        private final BodyDeadline deadline = new BodyDeadline(System.nanoTime());
        private int left = BYTES;

        Limited(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            var next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var got = super.read(into, offset, length);
            count(Math.max(got, 0));
            return got;
        }

        private void count(int got) {
            left -= got;
            if (left < 0) {
                throw tooLarge();
            }
            if (deadline.isOver()) {
                throw tooSlow();
            }
        }
    }
}
