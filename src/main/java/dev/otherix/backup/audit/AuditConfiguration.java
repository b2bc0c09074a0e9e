package dev.otherix.backup.audit;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the audit log where every request passes it. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean
    AuditLines auditLines(AuditProperties settings) {
        return new AuditLines(settings);
    }

    @Bean
    AuditLog auditLog(AuditLines lines, Clock clock) {
        return new AuditLog(lines, clock);
    }

    /** Outside of what refuses, and inside of what gives a request its id. */
    @Bean
    FilterRegistrationBean<AuditTrail> auditTrail(AuditLog log) {
        var registration = new FilterRegistrationBean<>(new AuditTrail(log));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
