{{- /*
What the chart of otherix-api adds to its pod. Each is called with this chart's own context, which its parent has as
(index .Subcharts "otherix-etcd-backup").

  otherix-etcd-backup.sidecar             an entry of initContainers: a native sidecar, Kubernetes 1.29 or newer
  otherix-etcd-backup.container           or an entry of containers, on any Kubernetes
  otherix-etcd-backup.volumes             entries of volumes
  otherix-etcd-backup.podSecurityContext  what the pod's securityContext needs, so that the container can write and read its volumes
*/ -}}

{{- define "otherix-etcd-backup.sidecar" -}}
{{ include "otherix-etcd-backup.container" . }}
  restartPolicy: Always
{{- end -}}

{{- define "otherix-etcd-backup.container" -}}
- name: otherix-etcd-backup
  image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  env:
    {{- range $key, $value := include "otherix-etcd-backup.settings" . | fromYaml }}
    - name: OTHERIX_{{ $key | replace "." "__" | upper }}
      value: {{ $value | quote }}
    {{- end }}
  ports:
    - name: backup-monitor
      containerPort: 8091
  # No startup probe, which would hold otherix-api back, and no readiness probe, which would take it out of service.
  livenessProbe:
    httpGet:
      path: /actuator/health/liveness
      port: backup-monitor
    initialDelaySeconds: 30
    periodSeconds: 20
    timeoutSeconds: 5
    failureThreshold: 6
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: {{ include "otherix-etcd-backup.directoryVolume" . | quote }}
      mountPath: /var/lib/otherix-backup
    - name: otherix-etcd-backup-tmp
      mountPath: /tmp
    - name: otherix-etcd-backup-tokens
      mountPath: /etc/otherix-etcd-backup
      readOnly: true
    {{- with .Values.stateVolumeName }}
    - name: {{ . | quote }}
      mountPath: /var/lib/otherix
      readOnly: true
    {{- end }}
{{- end -}}

{{- define "otherix-etcd-backup.volumes" -}}
{{- if eq (include "otherix-etcd-backup.directoryVolume" .) "otherix-etcd-backup-directory" -}}
- name: otherix-etcd-backup-directory
  {{- toYaml .Values.directory.volume | nindent 2 }}
{{ end -}}
- name: otherix-etcd-backup-tmp
  emptyDir:
    sizeLimit: 64Mi
- name: otherix-etcd-backup-tokens
  secret:
    secretName: {{ include "otherix-etcd-backup.secretName" . | quote }}
    defaultMode: 0400
{{- end -}}

{{- define "otherix-etcd-backup.podSecurityContext" -}}
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
{{- end -}}

{{- /* All as text: Helm's numbers are floating point, and as text of their own they would be 1e+06. */ -}}
{{- define "otherix-etcd-backup.settings" -}}
{{- range $key := list "enabled" "interval" "retention" }}
{{- $value := get $.Values.backup $key }}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) }}
workers.backup.{{ $key }}: {{ include "otherix-etcd-backup.text" $value | quote }}
{{- end }}
{{- end }}
workers.backup.dir: /var/lib/otherix-backup/snapshots
monitoring.listen: 0.0.0.0:8091
api.tokens_file: /etc/otherix-etcd-backup/tokens.yaml
api.token_file: /etc/otherix-etcd-backup/token
{{- range $key, $value := .Values.settings }}
{{ $key }}: {{ include "otherix-etcd-backup.text" $value | quote }}
{{- end }}
{{- end -}}

{{- define "otherix-etcd-backup.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{- define "otherix-etcd-backup.directoryVolume" -}}
{{- $volume := .Values.directory.volume -}}
{{- if or (hasKey $volume "emptyDir") (hasKey $volume "ephemeral") -}}
{{- fail "otherix-etcd-backup: directory.volume must outlive its pod, and an emptyDir or ephemeral volume is deleted with it: use a persistentVolumeClaim, or a volumeClaimTemplate named in directory.volumeName" -}}
{{- else if and $volume .Values.directory.volumeName -}}
{{- fail "otherix-etcd-backup: directory.volumeName and directory.volume are both set: give the name of a volume that the pod has, or the volume to add, not both" -}}
{{- else if $volume -}}
otherix-etcd-backup-directory
{{- else -}}
{{- required "otherix-etcd-backup: there is no place for snapshots: set directory.volumeName to a volumeClaimTemplate of the pod, or directory.volume to a volume that outlives it" .Values.directory.volumeName -}}
{{- end -}}
{{- end -}}
