package dev.otherix.backup.audit;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Adds the audit log to every request. */
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

    /** Before the filter that refuses requests, and after the one that gives each request its id. */
    @Bean
    FilterRegistrationBean<AuditTrail> auditTrail(AuditLog log) {
        var registration = new FilterRegistrationBean<>(new AuditTrail(log));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        registration.setDispatcherTypes(DispatcherType.REQUEST);
        return registration;
    }
}
