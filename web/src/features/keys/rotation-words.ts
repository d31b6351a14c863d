import type { KeyRotation } from '../../lib/api/types.ts';

export type RotationKind = KeyRotation['kind'];

export const kindWords: Record<RotationKind, string> = {
  wrapping: 'Wrapping key',
  data: 'Data key',
  backfill: 'Encryption of plain rows',
};

const stateWords: Record<KeyRotation['state'], string> = {
  requested: 'begins soon',
  prepared: 'waits until every process knows the new version',
  rewriting: 'encrypts the fields anew',
  rewritten: 'checks that no field is left under the old version',
  done: 'done',
  failed: 'failed',
};

/** What a rotation is doing, with how far it has come. */
export function rotationWords(rotation: KeyRotation): string {
  const { kind, state, fromVersion, toVersion, rowsDone, rowsTotal } = rotation;
  const versions = toVersion === null ? '' : `, ${fromVersion ?? '?'} → ${toVersion}`;
  const far = state === 'rewriting' && rowsTotal !== null ? ` (${rowsDone} of ${rowsTotal})` : '';
  const from = kind === 'backfill' ? '' : versions;
  return `${kindWords[kind]}${from}: ${stateWords[state]}${far}`;
}

export function isUnderWay(rotation: KeyRotation | null): boolean {
  return rotation !== null && rotation.state !== 'done' && rotation.state !== 'failed';
}
