package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Puts into the audit log what a caller did to etcd beside this service. Changes nothing else. */
@RestController
final class AuditController {

    @PostMapping(path = "/v1/audit/undo", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void undone(@RequestBody UndoneTransaction transaction, HttpServletRequest request) {
        AuditedRequest.of(request).undone(transaction.checked());
    }
}
