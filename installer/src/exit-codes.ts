/**
 * What the exit code of `casemate` means. Scripts may rely on these numbers; a new meaning gets a
 * new number.
 */
export const exitCodes = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Something went wrong that none of the others names. */
  failed: 1,
  /** Unknown command, unknown flag, or a value that can't be used. Nothing was changed. */
  usage: 2,
  /** The host does not fit: preflight found a fault that stops the installation. */
  preflight: 3,
  /** There is no such instance on this host (or it isn't installed completely). */
  notInstalled: 4,
  /** A component is down, or did not become ready in time. */
  notReady: 5,
  /** More rights are needed (root, or the owner of the instance). */
  permission: 6,
  /** A download or a bundle could not be had, or its checksum is wrong. */
  source: 7,
  /** Doctor found something to mend. */
  unhealthy: 8,
  /** A bundle is signed by an unknown key, or its signature is wrong. Nothing was changed. */
  signature: 9,
  /** A bundle is damaged, cut short, or in the wrong order. Nothing was changed. */
  damaged: 10,
  /** A downgrade, or an upgrade that leaps over a version. Nothing was changed. */
  path: 11,
  /** An upgrade failed, and the programs from before it run again. */
  rolledBack: 12,
  /** Stopped by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;
