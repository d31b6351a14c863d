import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

export const chartDir = path.resolve(import.meta.dirname, '../../helm/casemate');

export type Metadata = { labels?: Record<string, string>; annotations?: Record<string, string> };

/** An object of the cluster, as a template made it. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: Metadata & { name: string };
  spec: Record<string, unknown>;
};

/** From the path, or as scripts/chart/build-tools.sh has built it; null when there is none. */
export function findTool(
  name: 'helm' | 'kubeconform' | 'docker-compose' | 'promtool',
): string | null {
  const built = path.join(homedir(), '.cache/casemate/tools', name);
  if (existsSync(built)) return built;
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

type Render = { set?: readonly string[]; files?: readonly string[]; kubeVersion?: string };

/** The text that `helm template` makes; throws with what helm said. */
export function renderText(helm: string, { set = [], files = [], ...rest }: Render = {}): string {
  return execFileSync(
    helm,
    [
      ...['template', 'casemate', chartDir, '--namespace', 'chambers'],
      ...['--kube-version', rest.kubeVersion ?? '1.34.0'],
      ...['hostName=casemate.example', ...set].flatMap((word) => ['--set', word]),
      ...files.flatMap((file) => ['--values', path.join(chartDir, file)]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 },
  );
}

export function render(helm: string, options: Render = {}): Manifest[] {
  return parseAllDocuments(renderText(helm, options))
    .map((document) => document.toJSON() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest?.kind !== undefined);
}

export type Container = {
  name: string;
  image: string;
  securityContext: Record<string, unknown>;
  env?: { name: string; value?: string }[];
  [key: string]: unknown;
};

export type PodSpec = {
  containers: Container[];
  initContainers?: Container[];
  securityContext: Record<string, unknown>;
  [key: string]: unknown;
};

/** The pods of a set of manifests, however deep they lie. */
export function podsOf(
  manifests: readonly Manifest[],
): { name: string; metadata: Metadata; pod: PodSpec }[] {
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const job = (spec?.['jobTemplate'] as { spec?: object } | undefined)?.spec ?? spec;
    type Template = { metadata: Metadata; spec: PodSpec };
    const found = (job as { template?: Template } | undefined)?.template;
    const template = kind === 'Pod' ? { metadata, spec: spec as unknown as PodSpec } : found;
    const name = `${kind} ${metadata.name}`;
    return template ? [{ name, metadata: template.metadata, pod: template.spec }] : [];
  });
}

export const containersOf = ({ containers, initContainers = [] }: PodSpec): Container[] => [
  ...initContainers,
  ...containers,
];
