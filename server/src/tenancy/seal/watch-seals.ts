import { recordOnPlatform, type AuditSource } from '../../audit/index.ts';
import { newId, systemActor, type Platform } from '../../platform/index.ts';
import { sealIfMarked } from './close-seal.ts';
import { readSealStatus } from './namespace.ts';
import { dropIndex, indexBytes, listSeals, markSealed, type Seal } from './repo.ts';

type Options = {
  platform: Platform;
  /** Told of each tenant that is open and whose search index is not known to be whole. */
  needsIndex: (tenantId: string) => Promise<void>;
  everyMs?: number;
};

const EVERY_MS = 2_000;

/**
 * Compares what the key service says of the tenants' seals with what the database says: one tenant a
 * round, those whose mark is new, and all of them as soon as one differs. So a restart of the key
 * service, which seals all at once, is noticed within seconds, and so is a seal that it did not hear
 * of. Drops what is left of a sealed tenant's index. One tenant's fault holds up no other.
 */
export function startSealWatch(options: Options): { stop(): Promise<void> } {
  const { platform, everyMs = EVERY_MS } = options;
  const looks = createLooks(platform);
  let running: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    const seals = (await platform.db.readControl(listSeals)).filter(
      ({ reason }) => reason !== 'new',
    );
    // First what lies open although its tenant is sealed.
    for (const sealed of [true, false])
      for (const seal of seals)
        if ((seal.sealedAt !== null) === sealed)
          await apart(platform, seal, () => keepIndex(options, seal));
    await looks.round(seals);
  };
  const timer = setInterval(() => {
    // A round that takes longer than the pause is followed by one, not by all that it missed.
    running ??= round()
      .catch((error: unknown) => platform.log.warn('the seals could not be looked at', { error }))
      .finally(() => (running = undefined));
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * Which tenants a round looks at. One that can't be looked at is tried again only after another one
 * could be, so that its faults never are all that the key service is seen to answer.
 */
function createLooks(platform: Platform): { round(seals: readonly Seal[]): Promise<void> } {
  const openTwice = new Set<string>();
  const failing = new Set<string>();
  /** The mark with which each tenant was last seen to agree. */
  const agreed = new Map<string, string>();
  let turn = 0;

  const look = async (seal: Seal): Promise<'agrees' | 'differs' | 'fails'> => {
    const { tenantId } = seal;
    agreed.delete(tenantId);
    failing.delete(tenantId);
    const differs = await apart(platform, seal, () => settle(platform, seal, openTwice));
    if (differs === undefined) failing.add(tenantId);
    else if (!differs) agreed.set(tenantId, markOf(seal));
    return differs === undefined ? 'fails' : differs ? 'differs' : 'agrees';
  };
  return {
    round: async (seals) => {
      turn += 1;
      const there = new Map(seals.map((seal) => [seal.tenantId, seal]));
      for (const known of [failing, openTwice])
        for (const id of known) if (!there.has(id)) known.delete(id);
      const sound = seals.filter(({ tenantId }) => !failing.has(tenantId));
      const next = sound[turn % Math.max(1, sound.length)];
      const due = sound.filter(
        (seal) => seal === next || agreed.get(seal.tenantId) !== markOf(seal),
      );
      const [oldest] = [...failing].flatMap((id) => there.get(id) ?? []);
      const looked = new Set<Seal>();
      const lookAt = async (some: readonly Seal[]): Promise<Set<string>> => {
        const outcomes = new Set<string>();
        for (const seal of some) {
          if (looked.has(seal)) continue;
          looked.add(seal);
          outcomes.add(await look(seal));
        }
        return outcomes;
      };
      const first = await lookAt(due);
      const answers = first.has('agrees') || first.has('differs');
      if (first.has('differs')) await lookAt(sound);
      if (!oldest || (!answers && due.length > 0)) return;
      const again = await lookAt([oldest]);
      if (!again.has('fails')) await lookAt(seals);
    },
  };
}

function markOf({ sealedAt }: Seal): string {
  return String(sealedAt?.getTime());
}

/** One tenant's fault is said, gives undefined, and holds up no other tenant. */
async function apart<T>(
  platform: Platform,
  { tenantId }: Seal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    platform.log.warn('the seal of a tenant could not be looked at', { error, tenantId });
    return undefined;
  }
}

/** True when the key service and the database disagreed. */
async function settle(platform: Platform, seal: Seal, openTwice: Set<string>): Promise<boolean> {
  const { tenantId } = seal;
  const { sealed } = await readSealStatus(platform.vault, tenantId);
  const marked = seal.sealedAt !== null;
  if (sealed === marked) {
    openTwice.delete(tenantId);
    return false;
  }
  if (sealed) {
    await platform.db.inControl(async (tx) => {
      if (!(await markSealed(tx, { tenantId, reason: 'key_service' }))) return;
      await recordOnPlatform(tx, source(), {
        action: 'seal.found',
        resourceType: 'tenant',
        resourceId: tenantId,
        tenantId,
      });
    });
    platform.log.warn('a tenant is sealed: the key service restarted', { tenantId });
    return true;
  }
  // Opened a moment ago, left open by a process that died before it could say so, or sealed while the
  // key service was away.
  if (openTwice.has(tenantId)) await sealIfMarked(platform, tenantId);
  openTwice.add(tenantId);
  return true;
}

async function keepIndex({ platform, needsIndex }: Options, seal: Seal): Promise<void> {
  const { tenantId, state, sealedAt } = seal;
  if (sealedAt !== null) {
    if ((await platform.db.readControl((tx) => indexBytes(tx, tenantId))) > 0)
      await platform.db.inControl((tx) => dropIndex(tx, tenantId));
  } else if (state === 'active') await needsIndex(tenantId);
}

function source(): AuditSource {
  return { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
}
