import type { Host } from './host.ts';

/** What is to be installed, as far as the host must fit it. */
export type PreflightRequest = {
  directories: { data: string; cache: string; programs: string };
  hostName: string;
  bindAddress: string;
  /** Ports that the server will open to others. */
  ports: readonly number[];
  /** Files that tell of an instance that is here already. */
  instanceFile: string;
  supervisorFile: string;
  /** What the operator said of encryption that this host cannot show. */
  storageEncryption: StorageStatement;
};

/** `confirmed`: it is encrypted below what we see. `without`: it is not, and the operator knows. */
export type StorageStatement = 'unstated' | 'confirmed' | 'without';

export type CheckContext = { host: Host; request: PreflightRequest };
