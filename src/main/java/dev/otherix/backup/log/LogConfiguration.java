package dev.otherix.backup.log;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Counts what the service's own log has lost. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

    @Bean
    DroppedLines droppedLogLines() {
        return LogQueue::dropped;
    }
}
