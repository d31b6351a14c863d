import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ShippedPackage } from './stage-components.ts';

type Locked = {
  version?: string;
  license?: string | { type?: string };
  integrity?: string;
  dev?: boolean;
  link?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
};

/** The packages of package-lock.json that go into what ships: not of development alone, and for Linux. */
export function listShippedPackages(checkoutDir: string): (ShippedPackage & { dir: string })[] {
  const file = path.join(checkoutDir, 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const shipped = Object.entries(packages).filter(
    ([place, entry]) => place.includes('node_modules/') && isShipped(entry),
  );
  const known = new Map<string, ShippedPackage & { dir: string }>();
  for (const [place, entry] of shipped) {
    const name = place.split('node_modules/').at(-1) ?? place;
    const dir = path.join(checkoutDir, place);
    const version = entry.version ?? '0';
    const licence = textOf(entry.license) ?? licenceIn(dir) ?? 'NOASSERTION';
    known.set(`${name}@${version}`, {
      name,
      version,
      licence,
      integrity: entry.integrity ?? null,
      dir,
    });
  }
  return [...known].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, found]) => found);
}

function isShipped({ dev, link, os, cpu, libc }: Locked): boolean {
  const fits = (wanted: string[] | undefined, ours: string) => !wanted || wanted.includes(ours);
  return !dev && !link && fits(os, 'linux') && fits(cpu, 'x64') && fits(libc, 'glibc');
}

/** npm leaves the licence out of the lock for some. */
function licenceIn(dir: string): string | undefined {
  try {
    const text = readFileSync(path.join(dir, 'package.json'), 'utf8');
    return textOf((JSON.parse(text) as Locked).license);
  } catch {
    return undefined;
  }
}

function textOf(licence: Locked['license']): string | undefined {
  return typeof licence === 'string' ? licence : licence?.type;
}
