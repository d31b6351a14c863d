import type { TenantTexts, TenantTx } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import { insertSealedVectors, type SealedVector } from '../repo/sealed-vectors.ts';

type Made = {
  modelId: number;
  chunkIds: readonly string[];
  vectors: readonly (readonly number[])[];
};

/** Keeps vectors as encrypted fields beside the index, which is lost at every seal. */
export async function keepVectors(
  tx: TenantTx,
  texts: TenantTexts,
  { modelId, chunkIds, vectors }: Made,
): Promise<void> {
  const sealed = chunkIds.map((chunkId, at) => {
    const bytes = Buffer.from(Float32Array.from(vectors[at] ?? []).buffer).toString('base64');
    return { chunkId, vector: texts.encrypt(places.vector({ modelId, chunkId }), bytes) };
  });
  await insertSealedVectors(tx, modelId, sealed);
}

export function openVector(
  texts: TenantTexts,
  { modelId, chunkId, vector }: SealedVector,
): number[] {
  const bytes = Buffer.from(texts.decrypt(places.vector({ modelId, chunkId }), vector), 'base64');
  return Array.from({ length: bytes.length / 4 }, (_none, at) => bytes.readFloatLE(at * 4));
}
