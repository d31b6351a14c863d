import type { RequestContext } from '../../platform/index.ts';
import type { Embed } from '../grounding/check-answer.ts';

const PATIENCE_MS = 30_000;

/**
 * Embeds texts for one answer and remembers them, since the same windows are compared with the
 * question, the answer and the quotes. Gives null when no embedder answers: words then decide alone.
 */
export function createEmbedder(ctx: RequestContext, signal: AbortSignal): Embed {
  const known = new Map<string, readonly number[]>();
  const { models, config } = ctx.platform;
  return async (texts) => {
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    try {
      if (missing.length > 0) {
        const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
        const vectors = await models.embed(config.CASEMATE_EMBED_MODEL, missing, patience);
        missing.forEach((text, index) => known.set(text, vectors[index] ?? []));
      }
      return texts.map((text) => known.get(text) ?? []);
    } catch (error) {
      signal.throwIfAborted();
      ctx.log.warn('checking by words alone: the embedding model does not answer', { error });
      return null;
    }
  };
}
