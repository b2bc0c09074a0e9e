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
    {{- if .Values.heartbeat.existingSecret }}
    - name: POD_NAME
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    {{- end }}
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
    {{- with .Values.heartbeat.existingSecret }}
    - name: otherix-etcd-backup-heartbeat
      mountPath: /etc/otherix-etcd-backup-heartbeat
      readOnly: true
    {{- end }}
    {{- with .Values.offsite.s3.credentialsSecret }}
    - name: otherix-etcd-backup-s3
      mountPath: /etc/otherix-etcd-backup-s3
      readOnly: true
    {{- end }}
    {{- with .Values.offsite.s3.caConfigMap }}
    - name: otherix-etcd-backup-s3-ca
      mountPath: /etc/otherix-etcd-backup-s3-ca
      readOnly: true
    {{- end }}
    {{- with include "otherix-etcd-backup.offsiteVolume" . }}
    - name: {{ . | quote }}
      mountPath: /var/lib/otherix-backup-offsite
    {{- end }}
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
{{- with .Values.heartbeat.existingSecret }}
- name: otherix-etcd-backup-heartbeat
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0400
{{- end }}
{{- with .Values.offsite.s3.credentialsSecret }}
- name: otherix-etcd-backup-s3
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0400
{{- end }}
{{- with .Values.offsite.s3.caConfigMap }}
- name: otherix-etcd-backup-s3-ca
  configMap:
    name: {{ . | quote }}
{{- end }}
{{- if eq (include "otherix-etcd-backup.offsiteVolume" .) "otherix-etcd-backup-offsite" }}
- name: otherix-etcd-backup-offsite
  {{- toYaml .Values.offsite.filesystem.volume | nindent 2 }}
{{- end }}
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
{{- if .Values.heartbeat.existingSecret }}
heartbeat.url_file: /etc/otherix-etcd-backup-heartbeat/$(POD_NAME)
{{- end }}
{{- include "otherix-etcd-backup.offsiteSettings" . }}
{{- range $key, $value := .Values.settings }}
{{ $key }}: {{ include "otherix-etcd-backup.text" $value | quote }}
{{- end }}
{{- end -}}

{{- define "otherix-etcd-backup.offsiteSettings" -}}
{{- $s3 := .Values.offsite.s3 -}}
{{- $target := or $s3.bucket (include "otherix-etcd-backup.offsiteVolume" .) -}}
{{- $recipients := or .Values.offsite.recipients (hasKey .Values.settings "offsite.recipients_file") (hasKey .Values.settings "offsite.encryption") -}}
{{- if and $target (not $recipients) -}}
{{- fail "otherix-etcd-backup: a copy is encrypted before it leaves, and there is nobody to open it: set offsite.recipients" -}}
{{- else if and .Values.offsite.recipients (not $target) -}}
{{- fail "otherix-etcd-backup: offsite.recipients is set, and there is no place for copies: set offsite.s3.bucket, offsite.filesystem.volumeName or offsite.filesystem.volume" -}}
{{- else if and $s3.bucket (not $s3.credentialsSecret) (not (hasKey .Values.settings "offsite.s3.credentials")) -}}
{{- fail "otherix-etcd-backup: nothing opens the bucket: set offsite.s3.credentialsSecret, or offsite.s3.credentials in settings" -}}
{{- end -}}
{{- with .Values.offsite.recipients }}
offsite.recipients: {{ join "," . | quote }}
{{- end }}
{{- range $key := list "bucket" "region" "endpoint" }}
{{- with get $s3 $key }}
offsite.s3.{{ $key }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $s3.credentialsSecret }}
offsite.s3.credentials_file: /etc/otherix-etcd-backup-s3/credentials
{{- end }}
{{- with $s3.caConfigMap }}
offsite.s3.ca_file: /etc/otherix-etcd-backup-s3-ca/ca.crt
{{- end }}
{{- with include "otherix-etcd-backup.offsiteVolume" . }}
offsite.filesystem.path: /var/lib/otherix-backup-offsite
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

{{- define "otherix-etcd-backup.offsiteVolume" -}}
{{- $volume := .Values.offsite.filesystem.volume -}}
{{- if or (hasKey $volume "emptyDir") (hasKey $volume "ephemeral") -}}
{{- fail "otherix-etcd-backup: offsite.filesystem.volume must outlive its pod, and an emptyDir or ephemeral volume is deleted with it: use a persistentVolumeClaim or nfs" -}}
{{- else if and $volume .Values.offsite.filesystem.volumeName -}}
{{- fail "otherix-etcd-backup: offsite.filesystem.volumeName and offsite.filesystem.volume are both set: give the name of a volume that the pod has, or the volume to add, not both" -}}
{{- else if $volume -}}
otherix-etcd-backup-offsite
{{- else -}}
{{- .Values.offsite.filesystem.volumeName -}}
{{- end -}}
{{- end -}}
