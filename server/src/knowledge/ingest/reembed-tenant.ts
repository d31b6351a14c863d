import type { Job, RequestContext } from '../../platform/index.ts';
import { openName } from '../open-texts.ts';
import { listWithoutModel, makeCurrentByName } from '../repo/models.ts';
import { dropOtherVectors } from '../repo/sealed-vectors.ts';
import { embedPassages } from './embed-passages.ts';

export const REEMBED_JOB = 'knowledge.reembed';

/**
 * The job of a tenant whose embedding model changed: gives every document vectors of the new model,
 * then lets searches use them. Until then they use the old ones. It goes on where it stopped.
 */
export async function reembedTenant(ctx: RequestContext, _job: Job): Promise<void> {
  const modelName = ctx.platform.config.CASEMATE_EMBED_MODEL;
  for (;;) {
    ctx.signal.throwIfAborted();
    const texts = await ctx.openTexts();
    const [next] = await ctx.inTenant((tx) => listWithoutModel(tx, modelName));
    if (!next) break;
    await embedPassages({ ctx, documentId: next.id }, openName(texts, next));
  }
  const { tier } = await ctx.openTexts();
  await ctx.inTenant(async (tx) => {
    await makeCurrentByName(tx, modelName);
    if (tier === 'sealed') await dropOtherVectors(tx);
  });
}
