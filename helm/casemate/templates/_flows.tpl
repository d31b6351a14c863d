{{/* Who talks to whom. Without an entry under "to" a part has no way out, not even to the DNS. */}}
{{- define "casemate.flows" -}}
server:
  from:
    - { port: 8443, peers: {{ concat .Values.networkPolicy.dashboardFrom (ternary .Values.networkPolicy.metricsFrom list (gt (len .Values.networkPolicy.dashboardFrom) 0)) | toJson }} }
    - { port: 8443, parts: [self-check] }
  to: [{ part: postgresql, port: 5432 }, { part: openbao, port: 8200 }, { part: ollama, port: 11434 }]
  outside: true
provisioner:
  {{- with .Values.networkPolicy.metricsFrom }}
  from:
    - { port: 9443, peers: {{ toJson . }} }
  {{- end }}
  to: [{ part: postgresql, port: 5432 }, { part: openbao, port: 8200 }]
  outside: true
setup:
  to: [{ part: postgresql, port: 5432 }, { part: openbao, port: 8200 }]
  outside: true
self-check:
  to: [{ part: postgresql, port: 5432 }, { part: openbao, port: 8200 }, { part: ollama, port: 11434 }, { part: server, port: 8443 }]
  outside: true
secrets:
  cluster: true
postgresql:
  from:
    - { port: 5432, parts: [server, provisioner, setup, self-check, openbao] }
  {{- if eq .Values.postgresql.mode "cloudnativepg" }}
    # Its instances follow one another; the operator asks how they are.
    - { port: 5432, parts: [postgresql] }
    - { port: 8000, parts: [postgresql] }
    - { port: 8000, peers: [{ namespaceSelector: {}, podSelector: { matchLabels: { app.kubernetes.io/name: cloudnative-pg } } }] }
    {{- with .Values.networkPolicy.metricsFrom }}
    - { port: 9187, peers: {{ toJson . }} }
    {{- end }}
  to: [{ part: postgresql, port: 5432 }, { part: postgresql, port: 8000 }]
  cluster: true
  {{- end }}
openbao:
  from:
    - { port: 8200, parts: [server, provisioner, setup, self-check, openbao] }
    - { port: 8201, parts: [openbao] }
  to: [{ part: postgresql, port: 5432 }, { part: openbao, port: 8200 }, { part: openbao, port: 8201 }]
  cluster: true
  outside: true
ollama:
  from:
    - { port: 11434, parts: [server, self-check] }
{{- end -}}

{{- define "casemate.cidrs" -}}
{{- with . }}
to:
{{- range . }}
  - ipBlock: { cidr: {{ . }} }
{{- end }}
{{- end }}
{{- end -}}
