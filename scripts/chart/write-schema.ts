import type { ChartValue } from './read-values.ts';

type Schema = Record<string, unknown>;

/** What the type of a default does not say. */
const exact: Readonly<Record<string, Schema>> = {
  hostName: { type: 'string', pattern: '^$|^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$' },
  'image.pullPolicy': { enum: ['Always', 'IfNotPresent', 'Never'] },
  'postgresql.mode': { enum: ['internal', 'cloudnativepg', 'external'] },
  'openbao.mode': { enum: ['internal', 'external'] },
  'openbao.replicas': { enum: [1, 3, 5] },
  'openbao.external.address': { type: 'string', pattern: '^$|^https://' },
  'ollama.mode': { enum: ['internal', 'external'] },
  'ollama.external.address': { type: 'string', pattern: '^$|^https://' },
  'persistence.accessMode': { enum: ['ReadWriteOnce', 'ReadWriteMany'] },
  'server.service.type': { enum: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
  'server.topologySpread': object({
    maxSkew: { type: 'integer', minimum: 1 },
    whenUnsatisfiable: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
  }),
  // No secret, and nothing that the chart decides: a wrong one would break the way to the parts.
  'server.settings': {
    type: 'object',
    propertyNames: {
      pattern: '^CASEMATE_[A-Z_]+$',
      not: {
        pattern:
          '(PASSWORD|SECRET|TOKEN|KEY)$|^CASEMATE_(MODE|HOST_NAME|BIND_ADDRESS|HTTPS?_PORT|TLS_|DATA_DIR|WEB_DIR|DATABASE_(HOST|PORT|CA)|VAULT_|OLLAMA_|METRICS_|ADOPTION_|DELETION_LEDGER|DEVELOPMENT_)',
      },
    },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
  'server.podDisruptionBudget.maxUnavailable': {
    type: ['integer', 'string'],
    minimum: 1,
    pattern: '^$|^[1-9][0-9]?%$',
  },
  'server.service.ipFamilyPolicy': {
    enum: ['', 'SingleStack', 'PreferDualStack', 'RequireDualStack'],
  },
  'server.service.ipFamilies': { type: 'array', items: { enum: ['IPv4', 'IPv6'] }, maxItems: 2 },
  'scheduling.affinity': { type: 'object' },
  // None of those by which our parts find each other.
  'pods.labels': {
    type: 'object',
    propertyNames: { not: { pattern: '^(app\\.kubernetes\\.io|helm\\.sh)/' } },
    additionalProperties: { type: 'string' },
  },
  'pods.dnsPolicy': { enum: ['ClusterFirst', 'Default', 'None'] },
  'pods.dnsConfig': { type: 'object' },
  fullnameOverride: { type: 'string', pattern: '^$|^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$' },
  'image.pullSecrets': { type: 'array', items: { type: 'string' } },
  'networkPolicy.apiServerCidrs': { type: 'array', items: { type: 'string' } },
  'networkPolicy.dnsCidrs': { type: 'array', items: { type: 'string' } },
  'networkPolicy.dashboardFrom': { type: 'array', items: { type: 'object' } },
  'networkPolicy.metricsFrom': { type: 'array', items: { type: 'object' } },
  'networkPolicy.externalCidrs': {
    type: 'array',
    items: object({ cidr: { type: 'string' }, port: { type: 'integer' } }),
  },
};

/** Maps whose keys are the cluster's, not ours. */
const OPEN = /(annotations|labels|Labels|nodeSelector)$/;
const LISTS_OF_OBJECTS = /(tolerations|hostAliases)$/;

/** values.schema.json: closed, so that a misspelt value is refused rather than ignored. */
export function writeSchema(values: readonly ChartValue[]): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the Casemate chart',
    ...object({
      ...Object.fromEntries(values.map((value) => [nameOf(value), schemaOf(value)])),
      // What Helm itself adds.
      global: { type: 'object' },
    }),
    required: ['hostName'],
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaOf(value: ChartValue): Schema {
  const described = value.about === '' ? {} : { description: value.about };
  const { children } = value;
  if (children.length > 0)
    return {
      ...described,
      ...object(Object.fromEntries(children.map((child) => [nameOf(child), schemaOf(child)]))),
    };
  return { ...described, ...(exact[value.path] ?? typeOf(value.path, value.value)) };
}

function typeOf(path: string, value: unknown): Schema {
  if (OPEN.test(path)) return { type: 'object', additionalProperties: { type: 'string' } };
  if (LISTS_OF_OBJECTS.test(path)) return { type: 'array', items: { type: 'object' } };
  if (path.endsWith('.resources')) return resources;
  if (path.startsWith('images.')) return image;
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: 'integer', minimum: 0 };
  if (typeof value === 'string') return { type: 'string' };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path} needs a type of its own in write-schema.ts`);
  return object(
    Object.fromEntries(
      Object.entries(value).map(([name, own]) => [name, typeOf(`${path}.${name}`, own)]),
    ),
  );
}

const quantities = {
  type: 'object',
  additionalProperties: { type: ['string', 'number'] },
} as const;
const resources = object({ requests: quantities, limits: quantities });
const image = object({
  repository: { type: 'string', minLength: 1 },
  tag: { type: 'string' },
  digest: { type: 'string', pattern: '^$|^sha256:[0-9a-f]{64}$' },
});

function object(properties: Schema): Schema {
  return { type: 'object', additionalProperties: false, properties };
}

const nameOf = ({ path }: ChartValue): string => path.split('.').at(-1) ?? path;
