import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Schema = { [key: string]: unknown };
type Definition = Schema & {
  properties?: Record<string, Schema>;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
};
type Swagger = { definitions: Record<string, Definition> };

const LOOSE: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
};

/**
 * A folder with strict JSON schemas of a release's objects, for kubeconform: from the OpenAPI document
 * in the Go module of Kubernetes, every object closed, so that a field that does not exist is refused.
 */
export function makeKubernetesSchemas(version: string, cacheDir: string): string {
  const folder = path.join(cacheDir, 'kubernetes-schemas', `v${version}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const { definitions } = JSON.parse(readSwagger(version)) as Swagger;
  for (const [name, definition] of Object.entries(definitions))
    for (const { group, version: api, kind } of definition['x-kubernetes-group-version-kind'] ??
      []) {
      const first = group.split('.')[0] ?? '';
      const file = [kind, first, api].filter(Boolean).join('-').toLowerCase();
      writeFileSync(
        path.join(unfinished, `${file}.json`),
        JSON.stringify(schemaOf(definitions, name)),
      );
    }
  renameSync(unfinished, folder);
  return folder;
}

function readSwagger(version: string): string {
  const module = `k8s.io/kubernetes@v${version}`;
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const { Zip } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], options)) as {
    Zip: string;
  };
  return execFileSync('unzip', ['-p', Zip, `${module}/api/openapi-spec/swagger.json`], options);
}

/** With all that it refers to, and nothing else. */
function schemaOf(definitions: Swagger['definitions'], name: string): Schema {
  const needed: Record<string, Schema> = {};
  const visit = (wanted: string): void => {
    if (needed[wanted]) return;
    needed[wanted] = LOOSE[wanted] ?? closed(definitions[wanted] ?? {});
    for (const [, next = ''] of JSON.stringify(needed[wanted]).matchAll(
      /"#\/definitions\/([^"]+)"/g,
    ))
      visit(next);
  };
  visit(name);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $ref: `#/definitions/${name}`,
    definitions: needed,
  };
}

function closed(definition: Definition): Schema {
  const { properties } = definition;
  return properties && definition['additionalProperties'] === undefined
    ? { ...definition, additionalProperties: false }
    : definition;
}
