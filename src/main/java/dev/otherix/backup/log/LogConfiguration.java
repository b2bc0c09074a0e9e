package dev.otherix.backup.log;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Counts the dropped lines of the service's own log. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

    @Bean
    DroppedLines droppedLogLines() {
        return LogQueue::dropped;
    }
}
