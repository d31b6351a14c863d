import { AppError, type RequestContext } from '../platform/index.ts';
import { nextRotation, stateOf, type SecretState } from './policy.ts';
import { listLatest, readClock, type Rotation } from './repo.ts';
import type { Secret, SecretReading } from './secret.ts';

export type SecretEntry = {
  readonly secret: Secret;
  readonly reading: SecretReading;
  readonly state: SecretState;
  readonly ageDays: number | null;
  readonly nextAt: Date | null;
  readonly last: Rotation | null;
};

const DAY_MS = 86_400_000;

/**
 * The inventory. Every date is asked of the secret's own store at this moment, outside any
 * transaction; a store that does not answer makes its line `unknown`, and hides no other.
 */
export async function listSecrets(
  ctx: Pick<RequestContext, 'platform' | 'inControl' | 'log'>,
  secrets: readonly Secret[],
): Promise<SecretEntry[]> {
  const { at, latest } = await ctx.inControl(async (tx) => ({
    at: await readClock(tx),
    latest: await listLatest(tx),
  }));
  return Promise.all(
    secrets.map(async (secret): Promise<SecretEntry> => {
      const last = latest.find((rotation) => rotation.secret === secret.name) ?? null;
      try {
        const reading = await secret.read(ctx.platform);
        const age = reading.madeAt && (at.getTime() - reading.madeAt.getTime()) / DAY_MS;
        return {
          secret,
          reading,
          state: stateOf(secret, reading, at),
          ageDays: age === null ? null : Math.max(0, Math.floor(age)),
          nextAt: nextRotation(secret, reading),
          last,
        };
      } catch (error) {
        ctx.log.warn('the age of a secret could not be asked', { rotation: secret.name, error });
        const note = error instanceof AppError ? error.message : 'its store does not answer';
        const reading = { count: 0, madeAt: null, note };
        return { secret, reading, state: 'unknown', ageDays: null, nextAt: null, last };
      }
    }),
  );
}
