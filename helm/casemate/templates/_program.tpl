{{/* Environment of a program of the server: include "casemate.programEnv" (list $ "server") */}}
{{- define "casemate.programEnv" -}}
{{- $root := index . 0 -}}
{{- $settings := dict
  "CASEMATE_MODE" "production"
  "CASEMATE_HOST_NAME" $root.Values.hostName
  "CASEMATE_BIND_ADDRESS" "0.0.0.0"
  "CASEMATE_HTTPS_PORT" "8443"
  "CASEMATE_HTTP_PORT" "0"
  "CASEMATE_PUBLIC_PORT" "443"
  "CASEMATE_TLS_CERT_FILE" "/run/secrets/server-tls/tls.crt"
  "CASEMATE_TLS_KEY_FILE" "/run/secrets/server-tls/tls.key"
  "CASEMATE_DATA_DIR" "/data/shared"
  "CASEMATE_DELETION_LEDGER" "/data/shared/ledger.jsonl"
  "CASEMATE_WEB_DIR" "/casemate/web/dist"
  "CASEMATE_DATABASE_HOST" (include "casemate.databaseHost" $root)
  "CASEMATE_DATABASE_PORT" (include "casemate.databasePort" $root)
  "CASEMATE_DATABASE_CA_FILE" "/run/secrets/database-ca/ca.crt"
  "CASEMATE_DATABASE_POOL" (toString $root.Values.server.databasePool)
  "CASEMATE_VAULT_ADDR" (include "casemate.vaultAddress" $root)
  "CASEMATE_VAULT_CA_FILE" "/run/secrets/openbao-ca/ca.crt"
  "CASEMATE_VAULT_KUBERNETES_ROLE" (index . 1)
  "CASEMATE_VAULT_KUBERNETES_TOKEN_FILE" "/var/run/secrets/openbao/token"
  "CASEMATE_OLLAMA_URL" (include "casemate.ollamaAddress" $root)
  "CASEMATE_OLLAMA_CA_FILE" "/run/secrets/model-client/ca.crt"
  "CASEMATE_OLLAMA_CERT_FILE" "/run/secrets/model-client/tls.crt"
  "CASEMATE_OLLAMA_KEY_FILE" "/run/secrets/model-client/tls.key"
  "CASEMATE_METRICS_TOKEN_FILE" "/run/secrets/metrics/token"
  "CASEMATE_ADOPTION_MINUTES" "30"
  "CASEMATE_DRAIN_SECONDS" (toString $root.Values.server.drainSeconds)
-}}
{{- with include "casemate.ollamaPool" $root }}{{ $_ := set $settings "CASEMATE_OLLAMA_POOL" . }}{{ end -}}
{{- range $name, $value := merge (dict) $root.Values.server.settings $settings }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
{{- end -}}

{{- define "casemate.programMounts" -}}
- { name: openbao-token, mountPath: /var/run/secrets/openbao, readOnly: true }
- { name: openbao-ca, mountPath: /run/secrets/openbao-ca, readOnly: true }
- { name: database-ca, mountPath: /run/secrets/database-ca, readOnly: true }
- { name: server-tls, mountPath: /run/secrets/server-tls, readOnly: true }
- { name: model-client, mountPath: /run/secrets/model-client, readOnly: true }
- { name: metrics, mountPath: /run/secrets/metrics, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- end -}}

{{- define "casemate.programVolumes" -}}
{{ include "casemate.tokenVolume" . }}
- { name: openbao-ca, secret: { secretName: {{ include "casemate.vaultCaSecret" . }}, items: [{ key: ca.crt, path: ca.crt }] } }
- { name: database-ca, secret: { secretName: {{ include "casemate.databaseCaSecret" . }}, items: [{ key: ca.crt, path: ca.crt }] } }
- { name: server-tls, secret: { secretName: {{ include "casemate.serverTls" . }}, defaultMode: 0440 } }
- { name: model-client, secret: { secretName: {{ include "casemate.modelSecret" . }}, defaultMode: 0440 } }
- { name: metrics, secret: { secretName: {{ include "casemate.metricsToken" . }}, defaultMode: 0440 } }
- { name: tmp, emptyDir: { sizeLimit: 512Mi } }
{{- end -}}

{{/* A token for the key service and for nobody else. */}}
{{- define "casemate.tokenVolume" -}}
- name: openbao-token
  projected:
    sources:
      - serviceAccountToken: { audience: openbao, expirationSeconds: 600, path: token }
{{- end -}}

{{- define "casemate.containerProgram" -}}
[/casemate/node/bin/node, --disable-warning=ExperimentalWarning, /casemate/installer/src/containers/main.ts]
{{- end -}}

{{- define "casemate.sharedClaim" -}}
{{- default (printf "%s-shared" (include "casemate.fullname" .)) .Values.persistence.existingClaim -}}
{{- end -}}

{{- define "casemate.hostHeader" -}}
[{ name: Host, value: {{ .Values.hostName }} }]
{{- end -}}

{{/* Ends when key service and database hold what this version needs: "casemate.awaitSchema" (list $ "server") */}}
{{- define "casemate.awaitSchema" -}}
{{- $root := index . 0 -}}
- name: await-schema
  image: {{ include "casemate.image" (list $root "server") }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args: [--enable-source-maps, /casemate/server/dist/main.js, await-schema]
  env: {{- include "casemate.programEnv" . | nindent 4 }}
  securityContext: {{- include "casemate.containerSecurity" $root | nindent 4 }}
  resources: { requests: { cpu: 20m, memory: 64Mi }, limits: { memory: 256Mi } }
  volumeMounts: {{- include "casemate.programMounts" $root | nindent 4 }}
{{- end -}}

{{- define "casemate.heartbeat" -}}
{ exec: { command: [/casemate/node/bin/node, --disable-warning=ExperimentalWarning, /casemate/installer/src/containers/main.ts, health, provisioner] }, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 }
{{- end -}}
