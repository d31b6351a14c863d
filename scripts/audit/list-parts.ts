import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Part } from './osv.ts';

type Package = {
  version?: string;
  dev?: boolean;
  link?: boolean;
  name?: string;
};
type Source = { client?: string; package?: string; version?: string };
type Component = { version: string; registry?: Source & { headers?: Source[] } };

const CLIENTS: Readonly<Record<string, string>> = { npm: 'npm', pip: 'PyPI', go: 'Go' };

/** What the components are, where their own name in a database is another than their package's. */
const UPSTREAM: Readonly<Record<string, Pick<Part, 'ecosystem' | 'name'>>> = {
  openbao: { ecosystem: 'Go', name: 'github.com/openbao/openbao' },
  ollama: { ecosystem: 'Go', name: 'github.com/ollama/ollama' },
  restic: { ecosystem: 'Go', name: 'github.com/restic/restic' },
  postgresql: { ecosystem: 'Bitnami', name: 'postgresql' },
  node: { ecosystem: 'Bitnami', name: 'node' },
};

/**
 * Everything that ships: packages of npm, components by the package that brings them and by their own
 * name, and the packages of Debian below the container images.
 */
export function listParts(root: string): Part[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const { packages } = read('package-lock.json') as { packages: Record<string, Package> };
  const components = read('installer/src/components/components.lock.json') as Record<
    string,
    Component
  >;
  const debian = read('scripts/images/base.lock.json') as Record<string, { version: string }>;
  const parts = [
    ...Object.entries(packages).flatMap(([place, found]) => packagePart(place, found)),
    ...Object.entries(components).flatMap(([name, found]) => componentParts(name, found)),
    ...Object.entries(debian).map(([name, { version }]) => ({
      ...{ ecosystem: 'Debian:12', name, version },
    })),
  ];
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

function packagePart(place: string, { name, version, dev, link }: Package): Part[] {
  const at = place.lastIndexOf('node_modules/');
  if (at < 0 || version === undefined || dev || link) return [];
  return [{ ecosystem: 'npm', name: name ?? place.slice(at + 'node_modules/'.length), version }];
}

function componentParts(name: string, { version, registry }: Component): Part[] {
  const upstream = UPSTREAM[name];
  const brought = [registry, ...(registry?.headers ?? [])].flatMap((source) => {
    const ecosystem = CLIENTS[source?.client ?? ''];
    if (!ecosystem || !source?.package) return [];
    return [
      { ecosystem, name: source.package, version: (source.version ?? version).replace(/^v/, '') },
    ];
  });
  return [...(upstream ? [{ ...upstream, version }] : []), ...brought];
}
