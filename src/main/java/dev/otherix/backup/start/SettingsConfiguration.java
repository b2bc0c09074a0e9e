package dev.otherix.backup.start;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.job.BuiltInWorker;
import dev.otherix.backup.snapshot.StateDirectory;
import java.util.Objects;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Makes a bean for the settings that {@link SettingsListener} has read, and one for each block. */
@Configuration(proxyBeanMethods = false)
@Import(SettingsConfiguration.Registrar.class)
class SettingsConfiguration {

    /** In the directory of the first token. */
    @Bean
    StateDirectory stateDirectory(AccessProperties access) {
        return new StateDirectory(
                Objects.requireNonNull(access.tokenFile().toAbsolutePath().getParent()));
    }

    static final class Registrar implements BeanRegistrar {

        @Override
        public void register(BeanRegistry registry, Environment environment) {
            var settings = SettingsPropertySource.of((ConfigurableEnvironment) environment)
                    .getSource();
            registry.registerBean(Settings.class, bean -> bean.supplier(_ -> settings));
            registry.registerBean(BuiltInWorker.class, bean -> bean.supplier(_ -> BuiltInWorker.find(settings)));
            SettingsBlocks.ALL.forEach(block -> register(registry, block, settings));
        }

        private static <B extends Record> void register(BeanRegistry registry, Class<B> block, Settings settings) {
            registry.registerBean(block, bean -> bean.supplier(_ -> settings.bind(block)));
        }
    }
}
