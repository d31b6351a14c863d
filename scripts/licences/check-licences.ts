import { isLicenceAllowed } from './licence-allowed.ts';

/** Today an SPDX expression; in old packages an object, or a list of them to choose from. */
type Licence = string | { type?: string } | readonly { type?: string }[];

export type LockedPackage = {
  version?: string;
  license?: Licence;
  dev?: boolean;
  link?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
};

/**
 * SUP-01: every package that ships (not of development alone) has a licence on the list. npm leaves
 * the licence out of the lock for some, so `look` reads it from the installed package.
 */
export function checkPackages(
  packages: Readonly<Record<string, LockedPackage>>,
  look: (place: string) => Licence | undefined,
): string[] {
  return Object.entries(packages).flatMap(([place, entry]) => {
    if (!place.includes('node_modules/') || !isShipped(entry)) return [];
    const licence = expressionOf(entry.license ?? look(place) ?? '');
    const name = `${place.split('node_modules/').at(-1) ?? place}@${entry.version ?? '?'}`;
    if (!licence) return [`${name} names no licence`];
    return isLicenceAllowed(licence) ? [] : [`${name} is under ${licence}`];
  });
}

/** Tools of development don't ship, nor does what is for another system than Linux on x86-64. */
function isShipped({ dev, link, os, cpu, libc }: LockedPackage): boolean {
  const fits = (wanted: string[] | undefined, ours: string): boolean =>
    !wanted || wanted.includes(ours);
  return !dev && !link && fits(os, 'linux') && fits(cpu, 'x64') && fits(libc, 'glibc');
}

function expressionOf(licence: Licence): string {
  if (typeof licence === 'string') return licence;
  const choices = 'map' in licence ? licence : [licence];
  return choices.map(({ type = 'unknown' }) => type.trim().replace(/\s+/g, '-')).join(' OR ');
}

/** The same for the parts that the installer brings: PostgreSQL, OpenBao, Ollama, models, Node. */
export function checkComponents(
  components: Readonly<Record<string, { version: string; licence?: string }>>,
): string[] {
  return Object.entries(components).flatMap(([name, { version, licence }]) => {
    if (!licence) return [`${name} ${version} names no licence`];
    return isLicenceAllowed(licence) ? [] : [`${name} ${version} is under ${licence}`];
  });
}
