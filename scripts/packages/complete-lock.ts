/** What is read and written here of an entry in package-lock.json. */
export type LockEntry = {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};

export type LockPackages = Record<string, LockEntry>;

const SYSTEMS: readonly [word: string, os: string][] = [
  ['android', 'android'],
  ['darwin', 'darwin'],
  ['freebsd', 'freebsd'],
  ['linux', 'linux'],
  ['netbsd', 'netbsd'],
  ['openbsd', 'openbsd'],
  ['openharmony', 'openharmony'],
  ['sunos', 'sunos'],
  ['aix', 'aix'],
  ['win32', 'win32'],
  ['windows', 'win32'],
];
const PROCESSORS = [
  'arm64',
  'arm',
  'ia32',
  'x64',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
];

/**
 * Adds the optional packages for other systems that a registry without them made npm leave out.
 * `npm ci` refuses a lock that does not name them, though it would never fetch them here. The
 * entries carry what the name says (system and processor) and no checksum, because nobody here saw
 * the package: npm fills it in on a system where it fetches it. Gives the names that it added.
 */
export function completeLock(packages: LockPackages): string[] {
  const added: string[] = [];
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d+\.\d+\.\d+/.test(version) || isFound(packages, place, name)) continue;
      const { cpu, libc, os } = platformOf(name);
      // In npm's own order, so that its next run changes nothing.
      packages[`node_modules/${name}`] = {
        version,
        ...(cpu && { cpu }),
        ...(entry.dev && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      };
      added.push(`${name}@${version}`);
    }
  }
  return added;
}

function isFound(packages: LockPackages, place: string, name: string): boolean {
  for (let at = place; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (`${at ? `${at}/` : ''}node_modules/${name}` in packages) return true;
    if (!at) return false;
  }
}

/** `@swc/core-linux-arm-gnueabihf` is for Linux on ARM: packages of this kind are named so. */
function platformOf(name: string): Pick<LockEntry, 'cpu' | 'libc' | 'os'> {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find(([word]) => words.includes(word))?.[1];
  const cpu = PROCESSORS.find((word) => words.includes(word));
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os ? { os: [os] } : {}),
    ...(libc && os === 'linux' ? { libc: [libc] } : {}),
  };
}
