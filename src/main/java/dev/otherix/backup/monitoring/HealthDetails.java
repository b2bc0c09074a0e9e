package dev.otherix.backup.monitoring;

import java.util.LinkedHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Hides the details of health on the monitoring listener. On the API's listener, a caller with a token sees them. */
final class HealthDetails implements HealthEndpointGroupsPostProcessor {

    @Override
    public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
        var others = new LinkedHashMap<String, HealthEndpointGroup>();
        groups.getNames()
                .forEach(name ->
                        others.put(name, new WithoutDetailsForMonitoring(Objects.requireNonNull(groups.get(name)))));
        return HealthEndpointGroups.of(new WithoutDetailsForMonitoring(groups.getPrimary()), others);
    }

    private record WithoutDetailsForMonitoring(HealthEndpointGroup group) implements HealthEndpointGroup {

        @Override
        public boolean showDetails(SecurityContext context) {
            return group.showDetails(context)
                    && !(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                            && OpenPaths.servesOnlyOpenPaths(attributes.getRequest()));
        }

        @Override
        public boolean showComponents(SecurityContext context) {
            return group.showComponents(context);
        }

        @Override
        public boolean isMember(String name) {
            return group.isMember(name);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return group.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return group.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return group.getAdditionalPath();
        }
    }
}
