import type { TenantTx } from '../../platform/index.ts';
import type { DocumentState } from '../policy.ts';

export type DocumentRow = {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  state: DocumentState;
  done: number;
  total: number;
  pages: number | null;
  language: string;
  errorCode: string | null;
  errorDetail: string | null;
  createdAt: Date;
  createdBy: string | null;
};

// A file stays below 2^53 bytes, so a double holds its size exactly.
const COLUMNS = `document.id, document.name, document.media_type as "mediaType",
  document.bytes::float8 as bytes, document.state, document.progress_done as done,
  document.progress_total as total, document.pages, document.language,
  document.error_code as "errorCode", document.error_detail as "errorDetail",
  document.created_at as "createdAt", document.created_by as "createdBy"`;

export type NewDocument = {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: Buffer;
  /** Of an upload that waits encrypted; null: as it came. */
  uploadKey: string | null;
  createdBy: string | null;
};

export async function insertDocument(tx: TenantTx, document: NewDocument): Promise<void> {
  await tx.execute(
    `insert into documents (tenant_id, id, name, media_type, bytes, sha256, upload_key, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.tenantId,
      document.id,
      document.name,
      document.mediaType,
      document.bytes,
      document.sha256,
      document.uploadKey,
      document.createdBy,
    ],
  );
}

export async function findDocument(tx: TenantTx, id: string): Promise<DocumentRow | undefined> {
  const rows = await tx.query<DocumentRow>(
    `select ${COLUMNS} from documents document where document.id = $1`,
    [id],
  );
  return rows[0];
}

/** Null where the upload was kept as it came, and behind its reading. */
export async function findUploadKey(tx: TenantTx, id: string): Promise<string | null> {
  const rows = await tx.query<{ uploadKey: string | null }>(
    `select document.upload_key as "uploadKey" from documents document where document.id = $1`,
    [id],
  );
  return rows[0]?.uploadKey ?? null;
}

/** The same, held against every other change until the transaction ends. */
export async function lockDocument(tx: TenantTx, id: string): Promise<DocumentRow | undefined> {
  const rows = await tx.query<DocumentRow>(
    `select ${COLUMNS} from documents document where document.id = $1 for update`,
    [id],
  );
  return rows[0];
}

/** The document that has this content; failed ones don't count. */
export async function findByContent(
  tx: TenantTx,
  sha256: Buffer,
): Promise<{ id: string; name: string } | undefined> {
  const rows = await tx.query<{ id: string; name: string }>(
    `select document.id, document.name from documents document
     where document.sha256 = $1 and document.state <> 'failed'`,
    [sha256],
  );
  return rows[0];
}

/** A page of documents, newest first: ids are in order of time. */
export function listDocuments(
  tx: TenantTx,
  page: { after: string | null; limit: number },
): Promise<DocumentRow[]> {
  return tx.query<DocumentRow>(
    `select ${COLUMNS} from documents document
     where document.id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
     order by document.id desc limit $2`,
    [page.after, page.limit],
  );
}

/** Documents that are still to be read or embedded, oldest first. */
export async function listUnfinished(tx: TenantTx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select document.id from documents document
     where document.state in ('queued', 'parsing', 'embedding') order by document.id limit 1000`,
  );
  return rows.map(({ id }) => id);
}

export type StateChange = {
  id: string;
  state: DocumentState;
  /** Why it failed, or what it waits for. */
  error?: { code: string; detail: string };
};

/** False when the document is gone. */
export async function setState(tx: TenantTx, change: StateChange): Promise<boolean> {
  const count = await tx.execute(
    `update documents set state = $2, error_code = $3, error_detail = $4 where id = $1`,
    [change.id, change.state, change.error?.code ?? null, change.error?.detail ?? null],
  );
  return count === 1;
}

/** A document under way waits in the queue and says for what; a ready one stays ready. */
export async function setWaiting(
  tx: TenantTx,
  id: string,
  note: { code: string; detail: string },
): Promise<void> {
  await tx.execute(
    `update documents set state = 'queued', error_code = $2, error_detail = $3
     where id = $1 and state in ('queued', 'embedding')`,
    [id, note.code, note.detail],
  );
}

/** What reading the document found; from here on it is searchable by its words. */
export async function setContents(
  tx: TenantTx,
  contents: { id: string; pages: number | null; language: string; total: number },
): Promise<void> {
  await tx.execute(
    `update documents set state = 'embedding', pages = $2, language = $3, progress_done = 0,
       progress_total = $4, error_code = null, error_detail = null, upload_key = null where id = $1`,
    [contents.id, contents.pages, contents.language, contents.total],
  );
}

/** Adds to what is embedded; a document that waited is at work again. */
export async function addProgress(tx: TenantTx, id: string, passages: number): Promise<void> {
  await tx.execute(
    `update documents set progress_done = least(progress_total, progress_done + $2),
       state = case when state = 'queued' then 'embedding' else state end,
       error_code = null, error_detail = null where id = $1`,
    [id, passages],
  );
}

export async function removeDocument(tx: TenantTx, id: string): Promise<void> {
  await tx.execute('delete from documents where id = $1', [id]);
}

/** Those on their way to be searchable; failed ones are not. */
export async function countUnread(tx: TenantTx): Promise<number> {
  const rows = await tx.query<{ unread: number }>(
    `select count(*)::int as unread from documents document
     where document.state in ('queued', 'parsing', 'embedding')`,
  );
  return rows[0]?.unread ?? 0;
}
