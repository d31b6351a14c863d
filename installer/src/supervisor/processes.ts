import type { AccountName } from '../host/accounts.ts';
import type { VaultRole } from '../instance/paths.ts';

export const componentIds = ['postgresql', 'openbao', 'ollama', 'provisioner', 'server'] as const;
export type ComponentId = (typeof componentIds)[number];

/** How one knows that a component serves. All are polled; a `process` is ready once it has lived. */
export type ReadyCheck =
  | { kind: 'postgresql'; socketDir: string; port: number }
  | { kind: 'http'; socketPath: string; path: string }
  | { kind: 'http'; url: string; insecure?: boolean; host?: string }
  | { kind: 'process'; livedMs: number };

/**
 * One long-running process of an instance: the single description from which both the supervisor
 * and the systemd units are rendered. No secret is ever in `argv` or `env`.
 */
export type ProcessSpec = {
  id: ComponentId;
  /** For people: "PostgreSQL 18". */
  title: string;
  /** argv[0] is the absolute path of the executable. */
  argv: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Service account when installed by root; ignored otherwise. */
  account: AccountName;
  workingDir: string;
  /** Must be ready before this one starts; stopped after it. */
  after: readonly ComponentId[];
  ready: ReadyCheck;
  readyTimeoutMs: number;
  /** SIGINT is PostgreSQL's "fast" shutdown; the others drain on SIGTERM. */
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** Then SIGKILL to the whole process group. */
  stopTimeoutMs: number;
  /** What it reads at its start only: when one changes, the process must start again. */
  configFiles: readonly string[];
  /** The only directories it may write to. */
  writableDirs: readonly string[];
  /** What it must read, beyond its programs (for ReadOnlyPaths/BindReadOnlyPaths). */
  readableDirs: readonly string[];
  /** Log in to the key service as this role: a wrapped secret-id is issued before every start. */
  vaultRole: VaultRole | null;
  limits: { openFiles: number; memoryMiB: number | null; tasks: number };
  network: {
    /** TCP ports it listens on; empty: none. */
    listens: readonly number[];
    /** `loopback` and `none` are enforced by units (IPAddressDeny) and by tests. */
    reach: 'none' | 'loopback' | 'any';
    /** It does not mind to be called root inside a user namespace: PostgreSQL does, and sockets
     *  whose owner is set could not be. */
    renamable?: true;
  };
};
