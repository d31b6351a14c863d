import type { z } from 'zod';
import type { RequestContext } from '../platform/index.ts';
import type { DocumentRow } from './repo/documents.ts';
import type { documentSchema } from './schema.ts';

/** The names of people by account id; those who are gone are missing. */
export type NamePeople = (
  ctx: RequestContext,
  accountIds: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

/** A document as the API shows it. */
export function presentDocument(
  row: DocumentRow,
  names: ReadonlyMap<string, string>,
): z.input<typeof documentSchema> {
  const { done, total, errorCode, errorDetail, createdBy, createdAt, ...shown } = row;
  return {
    ...shown,
    progress: { done, total },
    chunks: total,
    error: errorCode === null ? null : { code: errorCode, detail: errorDetail ?? '' },
    createdAt: createdAt.toISOString(),
    createdBy: createdBy === null ? null : { id: createdBy, name: names.get(createdBy) ?? '' },
  };
}
