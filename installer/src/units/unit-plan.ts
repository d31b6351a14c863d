import type { WantedDir } from '../instance/ensure-dirs.ts';
import type { ProcessSpec } from '../supervisor/processes.ts';

/** How the key service gets its seal key. A credential may be sealed to this host's TPM. */
export type SealDelivery =
  { kind: 'file' } | { kind: 'credential'; file: string; encrypted: boolean };

/** All that the units of one instance are rendered from. */
export type UnitPlan = {
  instance: string;
  specs: readonly ProcessSpec[];
  /** Starts `casemate` and names the instance: [node, …, main.ts]; the flags follow the command. */
  casemate: { argv: readonly [string, ...string[]]; flags: readonly string[] };
  group: string;
  /** Directories that a reboot takes. */
  running: readonly WantedDir[];
  /** No component but the one that it belongs to may look into these. */
  secretDirs: { seal: string; credentials: string };
  seal: SealDelivery;
};

/** The command line of a command of `casemate` for this instance. */
export function casemateCommand(plan: UnitPlan, ...words: readonly string[]): string[] {
  return [...plan.casemate.argv, ...words, ...plan.casemate.flags];
}
