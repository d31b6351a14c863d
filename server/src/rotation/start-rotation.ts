import { recordOnPlatform } from '../audit/index.ts';
import { newId, systemActor, type Platform } from '../platform/index.ts';
import { stateOf } from './policy.ts';
import {
  announceRotation,
  claimRotation,
  insertRotation,
  pruneRotations,
  readClock,
  settleRotation,
  type Rotation,
} from './repo.ts';
import type { Secret } from './secret.ts';
import { withdrawOldVersions } from './secrets/signing-keys.ts';

type Options = {
  platform: Platform;
  secrets: readonly Secret[];
  /** How often it looks what is due; requests are heard at once. */
  lookEveryMs?: number;
};

const LOOK_EVERY_MS = 10 * 60_000;
const POLL_MS = 15_000;
const LEASE_SECONDS = 300;
const MOST_ATTEMPTS = 5;
const KEEP_DAYS = 400;

/**
 * The scheduler: queues what is due and runs what is queued, one after another. Runs in the
 * provisioner, whose role at the key service may rotate and can't read or use what it rotates. With
 * several processes one gets each rotation; one whose process died is taken up after its lease.
 */
export async function startRotation(options: Options): Promise<{ stop(): Promise<void> }> {
  const { platform, lookEveryMs = LOOK_EVERY_MS } = options;
  let stopped = false;
  let working: Promise<void> | undefined;
  let again = false;
  let lookAt = 0;

  const round = async (): Promise<void> => {
    if (performance.now() >= lookAt) {
      lookAt = performance.now() + lookEveryMs;
      await queueDue(options);
    }
    while (!stopped && (await runNext(options)));
  };
  const wake = (): void => {
    if (stopped) return;
    again = working !== undefined;
    working ??= round()
      .catch((error: unknown) => platform.log.warn('secrets could not be looked after', { error }))
      .finally(() => {
        working = undefined;
        if (again) wake();
      });
  };
  const unlisten = await platform.db.listen('casemate_rotation', (payload) => {
    if (payload === 'queued') wake();
  });
  const poll = setInterval(wake, POLL_MS);
  wake();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      await unlisten().catch(() => undefined);
      await working;
    },
  };
}

/** Exported for its tests. */
export async function queueDue({ platform, secrets }: Options): Promise<void> {
  const at = await platform.db.inControl(readClock);
  for (const secret of secrets.filter(({ rotate }) => rotate)) {
    const state = stateOf(secret, await secret.read(platform), at);
    if (state !== 'due' && state !== 'overdue') continue;
    const rotation = { id: newId(), secret: secret.name, reason: 'due' } as const;
    await platform.db.inControl((tx) => insertRotation(tx, rotation));
  }
  await withdrawOldVersions(platform, at);
  await platform.db.inControl((tx) => pruneRotations(tx, KEEP_DAYS));
}

/** Runs one rotation that waits; false when none does. Exported for its tests. */
export async function runNext({ platform, secrets }: Options): Promise<boolean> {
  const names = secrets.filter(({ rotate }) => rotate).map(({ name }) => name);
  const rotation = await platform.db.inControl((tx) => claimRotation(tx, names, LEASE_SECONDS));
  if (!rotation) return false;
  const secret = secrets.find(({ name }) => name === rotation.secret);
  const log = platform.log.child({ rotation: rotation.secret, reason: rotation.reason });
  try {
    const { requestedAt, reason } = rotation;
    await secret?.rotate?.(platform, { requestedAt, compromised: reason === 'compromised' });
    await settle(platform, rotation, { state: 'done', error: null, delaySeconds: 0 });
    log.info('secret rotated');
  } catch (error) {
    const given = rotation.attempt >= MOST_ATTEMPTS;
    const name = error instanceof Error ? error.name : 'Error';
    const state = given ? 'failed' : 'queued';
    await settle(platform, rotation, {
      state,
      error: name,
      delaySeconds: 2 ** rotation.attempt * 5,
    });
    if (given) log.error('a secret could not be rotated', { error });
    else log.warn('the rotation of a secret is tried again', { error });
  }
  return true;
}

async function settle(
  platform: Platform,
  rotation: Rotation,
  outcome: Parameters<typeof settleRotation>[2],
): Promise<void> {
  await platform.db.inControl(async (tx) => {
    const settled = await settleRotation(tx, rotation, outcome);
    await announceRotation(tx);
    if (!settled || outcome.state === 'queued') return;
    const source = { requestId: rotation.id, actor: systemActor, ip: null, userAgent: null };
    await recordOnPlatform(tx, source, {
      action: outcome.state === 'done' ? 'secret.rotated' : 'secret.rotation_failed',
      resourceType: 'secret',
      resourceId: rotation.secret,
      after: { reason: rotation.reason, attempt: rotation.attempt },
    });
  });
}
