package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Explains what is wrong with a body, in the API's words instead of the parser's. */
final class UnreadableBody {

    private UnreadableBody() {}

    static Problem problem(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case UnrecognizedPropertyException unknown -> about(unknown, "is not a field of this body");
            case StreamReadException broken ->
                invalid("the body is not valid JSON, at line "
                        + broken.getLocation().getLineNr() + ", column "
                        + broken.getLocation().getColumnNr());
            case JacksonException wrong when !field(wrong).isEmpty() -> about(wrong, "has a value of the wrong type");
            case JacksonException _ -> invalid("the body is not a JSON object");
            case null, default -> invalid("the body must be a JSON object");
        };
    }

    private static Problem about(JacksonException wrong, String problem) {
        var field = field(wrong);
        return ErrorCode.VALIDATION_FAILED.problem(field + " " + problem, Map.of("field", field));
    }

    private static Problem invalid(String message) {
        return ErrorCode.VALIDATION_FAILED.problem(message);
    }

    private static String field(JacksonException wrong) {
        return wrong.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .map(String::valueOf)
                .collect(Collectors.joining("."));
    }
}
