import { AppError } from '../../platform/index.ts';
import { addProgress, setWaiting } from '../repo/documents.ts';
import { ensureModel, insertEmbeddings, listUnembedded } from '../repo/embeddings.ts';
import { places } from '../field-places.ts';
import { keepVectors } from '../index/sealed-vectors.ts';
import { openHeadings } from '../open-texts.ts';
import { contextOf } from './context-of.ts';
import type { Ingestion } from './ingestion.ts';

/** Passages per call: long enough to keep the model busy, short enough for visible progress. */
const BATCH = 8;

/**
 * Makes the vectors that a document still lacks, batch by batch; a batch is stored before the next
 * is asked for. While the model server is away the document waits as `queued`, with a note.
 *
 * @throws AppError unavailable, which runs the job again later
 */
export async function embedPassages(work: Ingestion, documentName: string): Promise<void> {
  const texts = await work.ctx.openTexts();
  const modelName = work.ctx.platform.config.CASEMATE_EMBED_MODEL;
  const next = (after: number) => ({
    documentId: work.documentId,
    modelName,
    after,
    limit: BATCH,
  });
  let batch = await work.ctx.inTenant((tx) => listUnembedded(tx, next(-1)));
  while (batch.length > 0) {
    work.ctx.signal.throwIfAborted();
    const inputs = batch.map((passage) => {
      const text = texts.decrypt(places.text(passage.chunkId), passage.text);
      return `${contextOf(documentName, openHeadings(texts, passage))}\n${text}`;
    });
    const vectors = await embed(work, inputs);
    const chunkIds = batch.map(({ chunkId }) => chunkId);
    const last = batch.at(-1)?.ordinal ?? 0;
    batch = await work.ctx.inTenant(async (tx) => {
      const dimensions = vectors[0]?.length ?? 0;
      const model = await ensureModel(tx, { name: modelName, dimensions });
      const made = await insertEmbeddings(tx, model.id, { chunkIds, vectors });
      if (texts.tier === 'sealed')
        await keepVectors(tx, texts, { modelId: model.id, chunkIds, vectors });
      await addProgress(tx, work.documentId, made);
      return listUnembedded(tx, next(last));
    });
  }
}

async function embed(work: Ingestion, texts: readonly string[]): Promise<number[][]> {
  const { config, models } = work.ctx.platform;
  try {
    return await models.embed(config.CASEMATE_EMBED_MODEL, texts, work.ctx.signal);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') {
      const texts = await work.ctx.openTexts();
      const detail = texts.encrypt(places.errorDetail(work.documentId), WAITING);
      const note = { code: 'waiting_for_model', detail };
      await work.ctx.inTenant((tx) => setWaiting(tx, work.documentId, note));
    }
    throw error;
  }
}

const WAITING =
  'The model server does not answer. The document is searchable by its words, and goes on by itself when the server is back.';
