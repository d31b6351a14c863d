import type { Parts } from './parts.ts';

/**
 * Reads the keys of access tokens again when the provisioner has rotated or withdrawn one: without
 * it a process would notice within five minutes. Passwords are noticed when the database refuses.
 */
export function hearRotations({ platform, identity }: Parts): Promise<() => Promise<void>> {
  return platform.db.listen('casemate_rotation', (payload) => {
    if (payload !== 'done') return;
    identity.tokens
      .refreshKeys()
      .catch((error: unknown) => platform.log.warn('keys could not be read again', { error }));
  });
}
