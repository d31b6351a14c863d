import { recordOnPlatform, type AuditSource } from '../../audit/index.ts';
import { AppError, systemActor, VaultError } from '../../platform/index.ts';
import {
  claimRotation,
  endRotationsOfGone,
  moveRotation,
  type NextStep,
  type Rotation,
} from '../repo/rotations.ts';
import { advanceRotation, type Stepping } from './advance-rotation.ts';
import { poll, type Keeper } from './poll.ts';

const STATES = ['requested', 'prepared', 'rewritten'] as const;
const LEASE_SECONDS = 30;
const RETRY_SECONDS = 2;

/** The provisioner's part of every rotation: it takes steps that are due, one after another. */
export function startKeyKeeper(stepping: Stepping, everyMs = 1_000): Keeper {
  const { db, log } = stepping.platform;
  return poll(
    async () => {
      await db.inControl(endRotationsOfGone);
      const rotation = await db.inControl((tx) =>
        claimRotation(tx, { states: STATES, leaseSeconds: LEASE_SECONDS }),
      );
      if (rotation) await takeStep(stepping, rotation);
      return rotation !== undefined;
    },
    { everyMs, failed: (error) => log.warn('rotations could not be read', { error }) },
  );
}

async function takeStep(stepping: Stepping, rotation: Rotation): Promise<void> {
  const { platform } = stepping;
  const { id, tenantId } = rotation;
  let next: NextStep;
  try {
    next = await advanceRotation(stepping, rotation);
  } catch (error) {
    // The key service is away or sealed, or somebody holds a table: the same step again, soon.
    platform.log.warn('a step of a rotation failed; trying again', { error, rotation: id });
    const reason = error instanceof AppError || error instanceof VaultError ? error.message : null;
    const why = reason ?? 'The step failed; see the log of the provisioner';
    next = { id, state: rotation.state, error: why, dueInSeconds: RETRY_SECONDS };
  }
  await platform.db.inControl(async (tx) => {
    await moveRotation(tx, next);
    if (next.state !== 'done') return;
    await recordOnPlatform(tx, sourceOf(id), {
      action: 'key.rotated',
      resourceType: 'key',
      resourceId: tenantId ?? 'platform',
      ...(tenantId === null ? {} : { tenantId }),
      after: { kind: rotation.kind, version: rotation.toVersion ?? next.toVersion ?? null },
    });
  });
}

function sourceOf(requestId: string): AuditSource {
  return { requestId, actor: systemActor, ip: null, userAgent: null };
}
