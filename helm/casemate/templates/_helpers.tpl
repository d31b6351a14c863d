{{- define "casemate.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "casemate.labels" -}}
app.kubernetes.io/name: casemate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Labels that find the pods of a part: include "casemate.selector" (list $ "server") */}}
{{- define "casemate.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: casemate
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* An image by digest, or by tag where none is given: include "casemate.image" (list $ "server") */}}
{{- define "casemate.image" -}}
{{- $root := index . 0 -}}
{{- $image := index $root.Values.images (index . 1) -}}
{{- $name := $image.repository -}}
{{- with $root.Values.image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{ end -}}
{{- if $image.digest }}{{ $name }}@{{ $image.digest }}{{ else }}{{ $name }}:{{ default $root.Chart.AppVersion $image.tag }}{{ end -}}
{{- end -}}

{{- define "casemate.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The "restricted" pod security standard: include "casemate.podSecurity" 10001 */}}
{{- define "casemate.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "casemate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "casemate.account" -}}
{{- printf "%s-%s" (include "casemate.fullname" (index . 0)) (index . 1) -}}
{{- end -}}

{{- define "casemate.secret" -}}
{{- $root := index . 0 -}}{{- default (printf "%s-%s" (include "casemate.fullname" $root) (index . 1)) (index . 2) -}}
{{- end -}}

{{- define "casemate.serverTls" }}{{ include "casemate.secret" (list . "server-tls" .Values.server.tls.existingSecret) }}{{ end -}}
{{- define "casemate.postgresqlTls" }}{{ include "casemate.secret" (list . "postgresql-tls" .Values.postgresql.tls.existingSecret) }}{{ end -}}
{{- define "casemate.openbaoTls" }}{{ include "casemate.secret" (list . "openbao-tls" .Values.openbao.tls.existingSecret) }}{{ end -}}
{{- define "casemate.ollamaTls" }}{{ include "casemate.secret" (list . "ollama-tls" .Values.ollama.tls.existingSecret) }}{{ end -}}
{{- define "casemate.clientTls" }}{{ include "casemate.secret" (list . "client-tls" .Values.ollama.tls.clientSecret) }}{{ end -}}
{{- define "casemate.seal" }}{{ include "casemate.secret" (list . "seal" .Values.openbao.seal.existingSecret) }}{{ end -}}
{{- define "casemate.rotator" }}{{ include "casemate.secret" (list . "rotator" .Values.postgresql.rotatorSecret.existingSecret) }}{{ end -}}

{{- define "casemate.metricsToken" }}{{ include "casemate.secret" (list . "metrics" .Values.monitoring.serviceMonitor.tokenSecret) }}{{ end -}}

{{/* Labels that find the pods of a part, whoever runs them: include "casemate.partSelector" (list $ "postgresql") */}}
{{- define "casemate.partSelector" -}}
{{- $root := index . 0 -}}
{{- if and (eq (index . 1) "postgresql") (eq $root.Values.postgresql.mode "cloudnativepg") -}}
cnpg.io/cluster: {{ include "casemate.account" (list $root "database") }}
{{- else -}}
{{- include "casemate.selector" . -}}
{{- end -}}
{{- end -}}

{{/* Where the pods of a part run, by its own values or else by those of all: include "casemate.scheduling" (list $ .Values.server) */}}
{{- define "casemate.scheduling" -}}
{{- $root := index . 0 -}}{{- $own := index . 1 -}}
{{- with $root.Values.scheduling.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with default $root.Values.scheduling.nodeSelector $own.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with default $root.Values.scheduling.tolerations $own.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.scheduling.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
dnsPolicy: {{ $root.Values.pods.dnsPolicy }}
{{- with $root.Values.pods.dnsConfig }}
dnsConfig: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.pods.hostAliases }}
hostAliases: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Labels and annotations of the pods of a part, with those of the part's own kind: include "casemate.podMetadata" (list $ "server" (dict "helm.sh/hook" "test")) */}}
{{- define "casemate.podMetadata" -}}
{{- $root := index . 0 -}}
labels:
  {{- include "casemate.labels" $root | nindent 2 }}
  app.kubernetes.io/component: {{ index . 1 }}
  {{- with $root.Values.pods.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (index . 2) $root.Values.pods.annotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "casemate.databaseHost" -}}
{{- $name := include "casemate.fullname" . -}}
{{- if eq .Values.postgresql.mode "external" }}{{ .Values.postgresql.external.host }}
{{- else if eq .Values.postgresql.mode "cloudnativepg" }}{{ $name }}-database-rw.{{ .Release.Namespace }}.svc
{{- else }}{{ $name }}-postgresql.{{ .Release.Namespace }}.svc{{ end -}}
{{- end -}}

{{- define "casemate.databasePort" -}}
{{- if eq .Values.postgresql.mode "external" }}{{ .Values.postgresql.external.port }}{{ else }}5432{{ end -}}
{{- end -}}

{{- define "casemate.databaseCaSecret" -}}
{{- if eq .Values.postgresql.mode "external" }}{{ .Values.postgresql.external.caSecret }}
{{- else if eq .Values.postgresql.mode "cloudnativepg" }}{{ include "casemate.fullname" . }}-database-ca
{{- else }}{{ include "casemate.postgresqlTls" . }}{{ end -}}
{{- end -}}

{{- define "casemate.vaultAddress" -}}
{{- if eq .Values.openbao.mode "external" }}{{ .Values.openbao.external.address }}
{{- else }}https://{{ include "casemate.fullname" . }}-openbao.{{ .Release.Namespace }}.svc:8200{{ end -}}
{{- end -}}

{{- define "casemate.vaultCaSecret" -}}
{{- if eq .Values.openbao.mode "external" }}{{ .Values.openbao.external.caSecret }}{{ else }}{{ include "casemate.openbaoTls" . }}{{ end -}}
{{- end -}}

{{- define "casemate.ollamaAddress" -}}
{{- if eq .Values.ollama.mode "external" }}{{ .Values.ollama.external.address }}
{{- else }}https://{{ include "casemate.fullname" . }}-ollama.{{ .Release.Namespace }}.svc:11434{{ end -}}
{{- end -}}

{{/* A name whose addresses are all model servers; empty where there is one. */}}
{{- define "casemate.ollamaPool" -}}
{{- if eq .Values.ollama.mode "external" }}{{ .Values.ollama.external.pool }}
{{- else }}{{ include "casemate.fullname" . }}-ollama-nodes.{{ .Release.Namespace }}.svc{{ end -}}
{{- end -}}

{{- define "casemate.modelSecret" -}}
{{- if eq .Values.ollama.mode "external" }}{{ .Values.ollama.external.secret }}{{ else }}{{ include "casemate.clientTls" . }}{{ end -}}
{{- end -}}

{{/* role of the key service = service account: one text for the key service */}}
{{- define "casemate.roleAccounts" -}}
{{- $setup := include "casemate.account" (list . "setup") -}}
server={{ include "casemate.account" (list . "server") }},provisioner={{ include "casemate.account" (list . "provisioner") }},migrator={{ $setup }},operator={{ $setup }}
{{- end -}}

{{/* Fails early, in plain words. */}}
{{- define "casemate.check" -}}
{{- if not .Values.hostName }}{{ fail "hostName is empty: give the name under which people reach the dashboard, for example --set hostName=casemate.example.com" }}{{ end -}}
{{- if and (eq .Values.postgresql.mode "external") (or (not .Values.postgresql.external.host) (not .Values.postgresql.external.caSecret)) }}{{ fail "postgresql.mode is external: give postgresql.external.host and postgresql.external.caSecret" }}{{ end -}}
{{- if and (eq .Values.openbao.mode "external") (or (not .Values.openbao.external.address) (not .Values.openbao.external.caSecret)) }}{{ fail "openbao.mode is external: give openbao.external.address and openbao.external.caSecret" }}{{ end -}}
{{- if and (eq .Values.ollama.mode "external") (or (not .Values.ollama.external.address) (not .Values.ollama.external.secret)) }}{{ fail "ollama.mode is external: give ollama.external.address and ollama.external.secret" }}{{ end -}}
{{- if and (eq .Values.postgresql.mode "cloudnativepg") (not .Values.postgresql.cloudnativepgImage) }}{{ fail "postgresql.mode is cloudnativepg: give postgresql.cloudnativepgImage, an image of PostgreSQL 18 with pgvector" }}{{ end -}}
{{- if not (has (int .Values.openbao.replicas) (list 1 3 5)) }}{{ fail "openbao.replicas must be 1, 3 or 5: raft needs a majority" }}{{ end -}}
{{- if and .Values.monitoring.podMonitor.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.metricsFrom) }}{{ fail "monitoring.podMonitor is enabled: give networkPolicy.metricsFrom, the pods that may ask the provisioner for its metrics" }}{{ end -}}
{{- end -}}
