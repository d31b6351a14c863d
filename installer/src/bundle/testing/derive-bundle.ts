import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stageIn } from '../create/stage.ts';
import {
  bundleNames,
  manifestText,
  sumsText,
  type BundledFile,
  type Manifest,
} from '../manifest.ts';
import { publicPemOf, readPrivateKey, signText } from '../signing.ts';
import type { ComponentName } from '../../components/index.ts';
import { changeComponent, type ComponentChange } from './change-component.ts';

export type Derived = {
  /** An unpacked bundle. */
  from: string;
  to: string;
  privatePem: string;
  version: string;
  /** Path in the bundle → its new text. */
  files: Readonly<Record<string, string | ((before: string) => string)>>;
  /** Other builds of components. */
  components?: Partial<Record<ComponentName, ComponentChange>>;
  /** Components that are left out, as a differential bundle does. */
  omit?: readonly ComponentName[];
  manifest?: Partial<Manifest>;
};

const versionFiles = [
  'installer/package.json',
  'server/server/package.json',
  'server/casemate-server.json',
];

/**
 * Another version of a bundle, really signed: the same components, with other migrations, programs or
 * demands. What an upgrade does is the same as between two releases.
 */
export async function deriveBundle(derived: Derived): Promise<string> {
  const { from, to, version } = derived;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  const before = JSON.parse(
    readFileSync(path.join(from, bundleNames.manifest), 'utf8'),
  ) as Manifest;
  const server = createHash('sha256')
    .update(JSON.stringify([version, Object.keys(derived.files)]))
    .digest('hex');
  const put = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    writeFileSync(path.join(to, name), text);
  };
  for (const [name, text] of Object.entries(derived.files))
    put(name, typeof text === 'string' ? text : text(readFileSync(path.join(to, name), 'utf8')));
  for (const name of versionFiles) {
    const value = JSON.parse(readFileSync(path.join(to, name), 'utf8')) as Record<string, string>;
    put(
      name,
      JSON.stringify(name.endsWith('server.json') ? { sources: server } : { ...value, version }),
    );
  }
  const components = [...before.components];
  for (const [at, component] of components.entries()) {
    const change = derived.components?.[component.name as ComponentName];
    if (change) components[at] = await changeComponent(to, component, change);
  }
  for (const name of Object.values(bundleNames)) rmSync(path.join(to, name));
  const all = await stageIn(to).list();
  const isOmitted = ({ path: name }: BundledFile) =>
    derived.omit?.some((component) => name.startsWith(`components/${component}/`)) ?? false;
  const omitted = [...before.omitted, ...all.filter(isOmitted)];
  for (const { path: name } of all.filter(isOmitted)) rmSync(path.join(to, name));
  const base = derived.omit ? { version: before.version, manifest: server } : before.base;
  const files = all.filter((file) => !isOmitted(file));
  const listed = { components, base, files, omitted };
  const manifest = { ...before, version, server, ...listed, ...derived.manifest };
  const key = readPrivateKey(derived.privatePem);
  const sums = sumsText(manifest);
  put(bundleNames.manifest, manifestText(manifest));
  put(bundleNames.sums, sums);
  put(bundleNames.key, publicPemOf(key));
  writeFileSync(path.join(to, bundleNames.signature), signText(sums, key));
  return to;
}
