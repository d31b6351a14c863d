{{/* Secrets that the chart makes, because the site names none of its own. */}}
{{- define "casemate.wantedSecrets" -}}
{{- $name := include "casemate.fullname" . -}}
{{- $zone := printf "%s.svc" .Release.Namespace -}}
{{- $list := list -}}
{{- if not .Values.server.tls.existingSecret -}}
{{- $hosts := list .Values.hostName (printf "%s-server.%s" $name $zone) (printf "%s-server" $name) "localhost" "127.0.0.1" -}}
{{- $list = append $list (dict "name" (include "casemate.serverTls" .) "kind" "tls" "hosts" $hosts) -}}
{{- end -}}
{{- if and (eq .Values.postgresql.mode "internal") (not .Values.postgresql.tls.existingSecret) -}}
{{- $list = append $list (dict "name" (include "casemate.postgresqlTls" .) "kind" "tls" "hosts" (list (printf "%s-postgresql.%s" $name $zone))) -}}
{{- end -}}
{{- if not .Values.postgresql.rotatorSecret.existingSecret -}}
{{- $list = append $list (dict "name" (include "casemate.rotator" .) "kind" "password" "account" "casemate_rotator") -}}
{{- end -}}
{{- if eq .Values.openbao.mode "internal" -}}
{{- if not .Values.openbao.tls.existingSecret -}}
{{- $hosts := list (printf "%s-openbao.%s" $name $zone) -}}
{{- range $at := until 5 -}}{{- $hosts = append $hosts (printf "%s-openbao-%d.%s-openbao-nodes.%s" $name $at $name $zone) -}}{{- end -}}
{{- $list = append $list (dict "name" (include "casemate.openbaoTls" .) "kind" "tls" "hosts" $hosts) -}}
{{- end -}}
{{- if not .Values.openbao.seal.existingSecret -}}
{{- $list = append $list (dict "name" (include "casemate.seal" .) "kind" "seal") -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.ollama.mode "internal" -}}
{{- if not .Values.ollama.tls.existingSecret -}}
{{- $list = append $list (dict "name" (include "casemate.ollamaTls" .) "kind" "tls" "hosts" (list (printf "%s-ollama.%s" $name $zone))) -}}
{{- end -}}
{{- if not .Values.ollama.tls.clientSecret -}}
{{- $list = append $list (dict "name" (include "casemate.clientTls" .) "kind" "tls" "client" true "hosts" (list (printf "%s-server.%s" $name $zone))) -}}
{{- end -}}
{{- end -}}
{{- if not .Values.monitoring.serviceMonitor.tokenSecret -}}
{{- $list = append $list (dict "name" (include "casemate.metricsToken" .) "kind" "token") -}}
{{- end -}}
{{- toJson $list -}}
{{- end -}}

{{/* The pod that makes them. */}}
{{- define "casemate.secretsPod" -}}
metadata: {{- include "casemate.podMetadata" (list . "secrets" dict) | nindent 2 }}
spec:
  serviceAccountName: {{ include "casemate.account" (list . "secrets") }}
  automountServiceAccountToken: true
  enableServiceLinks: false
  restartPolicy: OnFailure
  {{- include "casemate.pullSecrets" . | nindent 2 }}
  {{- include "casemate.scheduling" (list . dict) | nindent 2 }}
  securityContext: {{- include "casemate.podSecurity" 10004 | nindent 4 }}
  containers:
    - name: secrets
      image: {{ include "casemate.image" (list . "server") }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command: {{ include "casemate.containerProgram" . }}
      args:
        - secrets
        - {{ dict "authority" (include "casemate.account" (list . "authority")) "labels" (include "casemate.labels" . | fromYaml) "secrets" (include "casemate.wantedSecrets" . | fromJsonArray) | toJson | squote }}
      env:
        - { name: CASEMATE_KUBERNETES_NAMESPACE, value: {{ .Release.Namespace }} }
      securityContext: {{- include "casemate.containerSecurity" . | nindent 8 }}
      resources: { requests: { cpu: 20m, memory: 64Mi }, limits: { memory: 256Mi } }
{{- end -}}
