import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** Which definitions of operators the chart has objects of, and the Go modules that carry them. */
const sources = [
  {
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.27.0',
    files: ['config/crd/bases/postgresql.cnpg.io_clusters.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['servicemonitors', 'podmonitors', 'prometheusrules'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
] as const;

type Schema = { [key: string]: unknown };
type Definition = {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
};

/** As `kubectl apply` takes them. Throws where Go or its proxy is away. */
export function readOperatorDefinitions(): string[] {
  return sources.flatMap(({ module, files }) => {
    const options: ExecFileSyncOptionsWithStringEncoding = {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
    };
    const found = execFileSync('go', ['mod', 'download', '-json', module], options);
    const { Zip } = JSON.parse(found) as { Zip: string };
    return files.map((file) => execFileSync('unzip', ['-p', Zip, `${module}/${file}`], options));
  });
}

/** Beside the schemas of Kubernetes (kubernetes-schemas.ts), as closed as those. */
export function makeOperatorSchemas(cacheDir: string): string {
  const folder = path.join(cacheDir, 'kubernetes-schemas', 'operators');
  mkdirSync(folder, { recursive: true });
  for (const text of readOperatorDefinitions()) {
    const { spec } = parse(text) as Definition;
    for (const { name, schema } of spec.versions) {
      const file = `${spec.names.kind}-${spec.group.split('.')[0]}-${name}.json`.toLowerCase();
      writeFileSync(path.join(folder, file), JSON.stringify(close(schema.openAPIV3Schema)));
    }
  }
  return folder;
}

/** What a definition leaves open by what it doesn't say is closed, as the API server does it. */
function close(schema: Schema): Schema {
  if (schema['x-kubernetes-int-or-string'])
    return { ...schema, anyOf: undefined, type: ['string', 'integer'] };
  const properties = schema['properties'] as Record<string, Schema> | undefined;
  const items = schema['items'] as Schema | undefined;
  const others = schema['additionalProperties'];
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || others !== undefined;
  return {
    ...schema,
    ...(properties ? { properties: mapValues(properties, close) } : {}),
    ...(items ? { items: close(items) } : {}),
    ...(typeof others === 'object' ? { additionalProperties: close(others as Schema) } : {}),
    ...(properties && !open ? { additionalProperties: false } : {}),
  };
}

const mapValues = (from: Record<string, Schema>, make: (one: Schema) => Schema) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, make(value)]));
