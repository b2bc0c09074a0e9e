# docker build -t otherix-etcd-backup .
# docker build -t otherix-etcd-backup:with-etcd --target with-etcd .     for drills that start an etcd
#
# Needs nothing beforehand. Behind a mirror: --build-arg MVNW_REPOURL=URL of a Maven repository to fetch Maven itself from, and
# --secret id=settings.xml,src=FILE for Maven's settings. Neither is kept in the image.

FROM docker.io/library/eclipse-temurin:25-jdk AS build
WORKDIR /build
ARG MVNW_REPOURL
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src/main/java src/main/java
COPY src/main/resources src/main/resources
RUN --mount=type=secret,id=settings.xml,target=/tmp/settings.xml \
    settings=; if [ -s /tmp/settings.xml ]; then settings="-s /tmp/settings.xml"; fi; \
    ./mvnw -B -ntp $settings package -Dmaven.test.skip=true
COPY src/main/runtime src/main/runtime
# where it will run, because the AOT cache knows the paths of its files
RUN src/main/runtime/assemble target/otherix-etcd-backup.jar /opt/otherix-etcd-backup && mkdir -p /data/otherix-backup

FROM gcr.io/distroless/cc-debian12:nonroot AS service
LABEL org.opencontainers.image.title="otherix-etcd-backup" \
      org.opencontainers.image.description="Backups of the etcd member inside otherix-api, each proven good before it gets its name" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.url="https://github.com/otherix/otherix-etcd-backup" \
      org.opencontainers.image.source="https://github.com/otherix/otherix-etcd-backup"
COPY --from=build /opt/otherix-etcd-backup/runtime /opt/otherix-etcd-backup/runtime
COPY --from=build /opt/otherix-etcd-backup/lib /opt/otherix-etcd-backup/lib
COPY --from=build /opt/otherix-etcd-backup/app.aot /opt/otherix-etcd-backup/java.options /opt/otherix-etcd-backup/otherix-etcd-backup \
     /opt/otherix-etcd-backup/
COPY src/main/docker/backup.yaml /etc/otherix/backup.yaml
# a new volume here takes over this owner
COPY --from=build --chown=65532:65532 /data/otherix-backup /var/lib/otherix-backup
# paths are UTF-8; one arena: native memory stays within 160 MiB, whatever the number of processors
ENV MALLOC_ARENA_MAX=1 \
    LC_ALL=C.UTF-8 \
    PATH=/opt/otherix-etcd-backup:/opt/otherix-etcd-backup/runtime/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
USER 65532:65532
WORKDIR /tmp
EXPOSE 8091
ENTRYPOINT ["/opt/otherix-etcd-backup/otherix-etcd-backup"]
CMD ["serve"]

# 27 MB more. Its line reads snapshots of etcd 3.6 and older; the members that otherix-api embeds are 3.6.
FROM service AS with-etcd
COPY --from=gcr.io/etcd-development/etcd:v3.6.14 /usr/local/bin/etcd /usr/local/bin/etcd
ENV OTHERIX_DRILL__ETCD=/usr/local/bin/etcd

# the last one is built without it
FROM service
