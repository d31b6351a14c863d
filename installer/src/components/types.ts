/** The words that every part of the component fetcher shares; `index.ts` exports the public ones. */
export type ComponentName =
  'node' | 'postgresql' | 'openbao' | 'ollama' | 'restic' | 'model-chat' | 'model-embed';

export type SourceName = 'bundle' | 'installed' | 'vendor' | 'registry';

export type Component = {
  name: ComponentName;
  version: string;
  dir: string;
  source: SourceName | 'cache';
  /** Of the archive; for a built component of its recipe; for an installed one of its executable. */
  sha256: string;
  /** Command name → absolute path. Empty for models. */
  executables: Record<string, string>;
};

export type ComponentEvent = {
  kind: 'step' | 'progress' | 'warn';
  text: string;
  done?: number;
  total?: number;
  unit?: string;
};

export type Report = (event: ComponentEvent) => void;

export type EnsureOptions = {
  cacheDir: string;
  report: Report;
  bundleDir?: string;
  /** Replaces the origin of every vendor's URL: a site's mirror, or a test's. */
  vendorBase?: string;
  sources?: readonly SourceName[];
  /** What package clients and compilers run with; without it, this process's environment. */
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
};

/** How an archive is unpacked: `root` is the folder inside it that becomes the component. */
type Archive = { format: 'zip' | 'tar.gz' | 'tar.zst'; root: string };

/** Without `sha256` it is never fetched: a checksum that nobody has seen is not invented. */
export type VendorRelease = Archive & { url: string; sha256?: string };

export type RegistryArchive = Archive & {
  client: 'pip' | 'npm';
  package: string;
  version: string;
  file: string;
  sha256: string;
};

export type GoModule = { client: 'go'; package: string; version: string; sum: string };

/** What the Go module leaves out: path in the package → path in the tree's folder of third parties. */
type Headers = { take: Record<string, string> };

export type GoBuild = GoModule & {
  flags: readonly string[];
  variants: readonly string[];
  headers: readonly ((RegistryArchive & Headers) | (GoModule & Headers))[];
};

/** A program that builds with Go alone: the folder of its main package below the module. */
export type GoProgram = GoModule & { program: string };

/** A file that only a bundle carries (a build made ahead, for example). */
export type BundleFile = Archive & { file: string; sha256: string };

export type LockedComponent = {
  version: string;
  licence: string;
  bundle?: BundleFile;
  vendor?: VendorRelease;
  registry?: RegistryArchive | GoBuild | GoProgram;
};

export type ComponentLock = Record<ComponentName, LockedComponent>;
