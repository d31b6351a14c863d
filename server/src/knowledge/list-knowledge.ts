import type { z } from 'zod';
import type { RequestContext } from '../platform/index.ts';
import { openDocument } from './open-texts.ts';
import { presentDocument, type NamePeople } from './present-document.ts';
import { listDocuments } from './repo/documents.ts';
import { readUsage } from './repo/usage.ts';
import type { documentList } from './schema.ts';

type Page = {
  /** The last document of the page before; the first page without it. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly names: NamePeople;
};

/** A page of the tenant's documents, newest first, and how much of its storage is used. */
export async function listKnowledge(
  ctx: RequestContext,
  { after, limit, names }: Page,
): Promise<z.input<typeof documentList>> {
  const texts = await ctx.openTexts();
  const [rows, usage] = await ctx.inTenant((tx) =>
    Promise.all([
      // One more than asked tells whether there is a next page.
      listDocuments(tx, { after: after ?? null, limit: limit + 1 }),
      readUsage(tx),
    ]),
  );
  const shown = rows.slice(0, limit).map((row) => openDocument(texts, row));
  const people = await names(ctx, [...new Set(shown.flatMap((row) => row.createdBy ?? []))]);
  return {
    items: shown.map((row) => presentDocument(row, people)),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    usage: { ...usage, quotaBytes: ctx.platform.config.CASEMATE_STORAGE_QUOTA_BYTES },
  };
}
