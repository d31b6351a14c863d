import { recordOnPlatform } from '../../audit/index.ts';
import { newId, systemActor, type Platform } from '../../platform/index.ts';
import { listPromptsLeft, markForgotten } from './repo.ts';

type Options = {
  platform: Pick<Platform, 'db' | 'log' | 'models'>;
  everyMs?: number;
  /** After a try that failed. */
  againMs?: number;
  settleSeconds?: number;
};

const EVERY_MS = 2_000;
const AGAIN_MS = 15_000;
/** Every process has heard of a seal, and ended the answers of its tenant, within a second or two. */
const SETTLE_SECONDS = 4;
/** Answers of other tenants are waited for; a model that is loaded from a slow disk as well. */
const PATIENCE_MS = 300_000;

/**
 * Makes the model server forget the prompts of tenants that were sealed. A seal waits for none of it:
 * what is outstanding stands in the tenant's row until it is done, whatever process does it, and is
 * tried again while the model server is away.
 */
export function startForgetting(options: Options): { stop(): Promise<void> } {
  const { platform, everyMs = EVERY_MS, againMs = AGAIN_MS } = options;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let notBefore = 0;

  const round = async (): Promise<void> => {
    if (performance.now() < notBefore) return;
    try {
      await forgetPrompts(options, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) return;
      notBefore = performance.now() + againMs;
      platform.log.warn('the model server still holds prompts of a sealed tenant; trying again', {
        error,
        againMs,
      });
    }
  };
  const timer = setInterval(() => {
    running ??= round().finally(() => (running = undefined));
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

async function forgetPrompts(
  { platform, settleSeconds = SETTLE_SECONDS }: Options,
  stopping: AbortSignal,
): Promise<void> {
  const left = await platform.db.readControl((tx) => listPromptsLeft(tx, settleSeconds));
  if (left.tenantIds.length === 0) return;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(PATIENCE_MS)]);
  const models = await platform.models.forget(signal);
  const source = { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
  const forgotten = await platform.db.inControl(async (tx) => {
    const tenantIds = await markForgotten(tx, left);
    for (const tenantId of tenantIds)
      await recordOnPlatform(tx, source, {
        action: 'seal.forget',
        resourceType: 'tenant',
        resourceId: tenantId,
        tenantId,
        after: { models },
      });
    return tenantIds;
  });
  if (forgotten.length > 0)
    platform.log.info('the model server forgot the prompts of sealed tenants', {
      models,
      tenants: forgotten.length,
    });
}
