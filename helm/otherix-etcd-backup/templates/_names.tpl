{{- define "otherix-etcd-backup.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "otherix-etcd-backup.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "otherix-etcd-backup.secretName" -}}
{{- .Values.tokens.existingSecret | default (printf "%s-tokens" (include "otherix-etcd-backup.fullname" . | trunc 56 | trimSuffix "-")) -}}
{{- end -}}

{{- /* A release's name has at most 53 characters, so that all of it stays in each of these. */ -}}
{{- define "otherix-etcd-backup.dashboardName" -}}
{{- printf "%s-dashboard" (include "otherix-etcd-backup.fullname" . | trunc 53 | trimSuffix "-") -}}
{{- end -}}
