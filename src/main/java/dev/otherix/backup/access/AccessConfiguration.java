package dev.otherix.backup.access;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.StaticHeadersWriter;

/** The filters between the listeners and everything behind them. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    @Bean
    Tokens tokens(AccessProperties settings, Clock clock) {
        return Tokens.open(settings, clock);
    }

    @Bean
    CertificateWatch certificateWatch(TlsProperties tls, AccessProperties access) {
        return new CertificateWatch(tls, access);
    }

    /** Only tokens identify a caller: no session, no form, no cookie that another site could use. */
    @Bean
    SecurityFilterChain access(HttpSecurity http, Tokens tokens) throws Exception {
        var refusals = new Refusals();
        return http.csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.cacheControl(cache -> cache.disable())
                        .xssProtection(outdated -> outdated.disable())
                        .contentSecurityPolicy(
                                policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'"))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .addHeaderWriter(new StaticHeadersWriter("Cache-Control", "no-store")))
                .addFilterBefore(new BearerTokens(tokens), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(AccessConfiguration::rules)
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    private static void rules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        // the second part of an accepted request, or the answer to a refused one
        requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                .permitAll();
        for (var path : Rules.OPEN) {
            Rules.Rule.methods(HttpMethod.GET)
                    .forEach(method -> requests.requestMatchers(method, path).permitAll());
        }
        for (var rule : Rules.SCOPED) {
            rule.methods()
                    .forEach(method -> requests.requestMatchers(method, rule.path())
                            .hasAuthority(rule.scope().word()));
        }
        requests.anyRequest().hasAuthority(Rules.ALL_ELSE.word());
    }

    /** Refuses paths that can be read in two ways. Everything else that it could check is checked where it is used. */
    @Bean
    HttpFirewall firewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowedHeaderNames(_ -> true);
        firewall.setAllowedHeaderValues(_ -> true);
        firewall.setAllowedParameterNames(_ -> true);
        firewall.setAllowedParameterValues(_ -> true);
        return firewall;
    }
}
