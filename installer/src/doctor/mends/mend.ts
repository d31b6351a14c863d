import type { Owner } from '../../host/write-file.ts';
import type { WantedDir } from '../../instance/ensure-dirs.ts';
import type { Patient } from '../patient.ts';

/** What a mend may do; tests have hands of their own. Everything else is the operator's. */
export type Hands = {
  /** Sets rights, and the owner where one is given, of a file or directory itself: never through a link. */
  setRights: (file: string, mode: number, owner?: Owner) => Promise<void>;
  ensureDirs: (dirs: readonly WantedDir[]) => Promise<void>;
  remove: (file: string) => Promise<void>;
  start: (ids: readonly string[]) => Promise<void>;
  renewCertificate: () => Promise<string | null>;
  rotateAuditLogs: () => Promise<void>;
  /** Resolves with why it stays open, or null. */
  closeWayOut: () => Promise<string | null>;
};

/** One thing to do, in words for the person who is asked. */
export type Action = { what: string; act: (hands: Hands) => Promise<unknown> };

/**
 * Mends what one check found. `plan` looks again and lists what is to be done: nothing, when nothing is
 * wrong any more. Only what takes nothing away and can be done twice is here; what loses data, keys or
 * answers in flight stays advice.
 */
export type Mend = {
  /** Whether it is for the check with this id. */
  isFor: (check: string) => boolean;
  plan: (patient: Patient) => Promise<Action[]>;
};
