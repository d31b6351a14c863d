import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enqueueJob, newId, type TenantTx } from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import { findJob } from '../repo/jobs.ts';
import type { Answer } from '../requests/http-client.ts';
import type { World } from '../world.ts';

const READS = "B's original, read by B's own job";
const STAYS = "B's original, removed with B's own document";
const KIND = 'knowledge.ingest';

/** Names that a path must never be made of. */
const namesOf = (theirs: string): string[] => [
  theirs,
  `../../${path.basename(path.dirname(theirs))}/${path.basename(theirs)}.md`,
  `..%2f..%2f${path.basename(theirs)}.md`,
  `${path.dirname(theirs)}/planted.md`,
  `....//....//planted.md`,
  `..\\..\\planted.md`,
  `./${path.basename(theirs)}.md`,
  `planted.md/../../${path.basename(theirs)}.txt`,
];

/**
 * The original of a document of B, waiting to be read: read through a row of A that has its id,
 * removed through A's address, and written over through names that climb.
 */
export async function attackFiles(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const id = newId();
  const file = subject.uploadPath(b.id, id);
  const text = `The original of the north casemate says ${b.secret}, number ${id}.`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600 });
  await insertQueued(world, b, { id, text });
  const root = path.dirname(path.dirname(file));
  const before = await listTree(root, a.id);
  try {
    await readThroughOwnRow(world, id);
    await removeThroughRoute(world, id);
    await climb(world, file);
    await uploadTheSame(world);
    const after = await listTree(root, a.id);
    const strange = after.filter((name) => !before.includes(name));
    ledger.attempt(
      { kind: 'files', name: 'files outside of A after all of these attempts', twin: READS },
      strange.length > 0 ? { what: `made ${strange.join(', ')}`, effects: strange.length } : null,
    );
    const left = await readFile(file, 'utf8').catch(() => 'nothing');
    ledger.attempt(
      { kind: 'files', name: "B's original after all of these attempts", twin: STAYS },
      left === text ? null : { what: 'was changed or removed', effects: 1 },
    );
    await showTwins(world, id, file);
  } finally {
    await rm(file, { force: true });
  }
}

/** The row of an upload that waits for its reader. */
async function insertQueued(
  { subject }: World,
  tenant: CanaryTenant,
  { id, text }: { id: string; text: string },
): Promise<void> {
  const scope = await subject.openTenant(tenant.id, tenant.admin.accountId);
  await subject.db.inTenant(scope, async (tx: TenantTx) => {
    await tx.execute(
      `insert into documents (tenant_id, id, name, media_type, bytes, sha256, created_by)
       values ($1, $2, $3, 'text/plain', $4, sha256(convert_to($5, 'UTF8')), $6)`,
      [
        tenant.id,
        id,
        `original ${tenant.secret}.txt`,
        Buffer.byteLength(text),
        text,
        tenant.admin.accountId,
      ],
    );
    return 0;
  });
}

/** A row of A with the id of B's document: its job must find no file under A's name. */
async function readThroughOwnRow(world: World, id: string): Promise<void> {
  const { a, b, ledger, http } = world;
  await insertQueued(world, a, { id, text: `a row of A with the id ${id}` });
  await runIngestion(world, a, id);
  const answer = await http.send(
    { method: 'get', path: `/api/tenants/${a.id}/search?q=${encodeURIComponent(b.secret)}` },
    a.admin.accessToken,
  );
  ledger.attempt(
    { kind: 'files', name: "A's job reads the original of B's document", twin: READS },
    answer.text.includes(id) && answer.text.includes(b.secret)
      ? { what: "A's search finds what B's original says", bytes: answer.text.length }
      : null,
  );
  await http.send(
    { method: 'delete', path: `/api/tenants/${a.id}/documents/${id}` },
    a.admin.accessToken,
  );
}

async function removeThroughRoute(
  { a, http, ledger, subject, b }: World,
  id: string,
): Promise<void> {
  for (const method of ['delete', 'get'])
    await http.send({ method, path: `/api/tenants/${a.id}/documents/${id}` }, a.admin.accessToken);
  const there = await stat(subject.uploadPath(b.id, id)).then(
    () => true,
    () => false,
  );
  ledger.attempt(
    { kind: 'files', name: "A removes a document with the id of B's", twin: STAYS },
    there ? null : { what: "B's original is gone", effects: 1 },
  );
}

async function climb({ a, http, ledger }: World, file: string): Promise<void> {
  for (const name of namesOf(file)) {
    const answer = await http.send(
      {
        method: 'post',
        path: `/api/tenants/${a.id}/documents?name=${encodeURIComponent(name)}`,
        raw: Buffer.from(`written over by ${newId()}`),
      },
      a.admin.accessToken,
    );
    ledger.attempt(
      { kind: 'files', name: `an upload named ${name}`, twin: READS },
      answer.status >= 500 ? { what: `answers ${answer.status}` } : null,
    );
  }
}

const TAKEN = 'B uploads the same bytes again';

/** Bytes that B has uploaded are nothing that A could know of: A's upload of them is like any other. */
async function uploadTheSame({ a, b, http, ledger }: World): Promise<void> {
  const raw = Buffer.from(`The same words in two casemates, number ${newId()}.`);
  const upload = (of: CanaryTenant): Promise<Answer> => {
    const path = `/api/tenants/${of.id}/documents?name=${encodeURIComponent(`same ${newId()}.md`)}`;
    return http.send({ method: 'post', path, raw }, of.admin.accessToken);
  };
  const first = await upload(b);
  const own = await upload(a);
  ledger.attempt(
    { kind: 'files', name: 'A uploads what B has uploaded', twin: TAKEN },
    own.status === first.status
      ? null
      : { what: `A gets ${own.status} where B got ${first.status}`, bytes: own.text.length },
  );
  const { status } = await upload(b);
  ledger.twin('files', TAKEN, status === 409 ? null : `gets ${status}, not 409`);
}

async function showTwins(world: World, id: string, file: string): Promise<void> {
  const { b, http, ledger } = world;
  await runIngestion(world, b, id);
  const found = await http.send(
    {
      method: 'get',
      path: `/api/tenants/${b.id}/search?q=${encodeURIComponent(`original of the north casemate ${b.secret}`)}&limit=50`,
    },
    b.admin.accessToken,
  );
  const shown = found.text.includes(id);
  ledger.twin('files', READS, shown ? null : 'its own job did not read it');
  const gone = await stat(file).then(
    () => false,
    () => true,
  );
  ledger.twin('files', STAYS, gone ? null : 'the original outlives its reading');
}

async function runIngestion({ subject }: World, tenant: CanaryTenant, id: string): Promise<void> {
  const scope = await subject.openTenant(tenant.id, tenant.admin.accountId);
  await subject.db.inTenant(scope, (tx) => enqueueJob(tx, { kind: KIND, subjectId: id }));
  for (let waits = 0; waits < 400; waits += 1) {
    const job = await subject.ctx.inControl((tx) =>
      findJob(tx, { tenantId: tenant.id, kind: KIND, subjectId: id }),
    );
    if (job && !['queued', 'running'].includes(job.state)) return;
    await sleep(60);
  }
}

/** The files of uploads outside of A's folder; other tenants' come and go, so only odd names count. */
async function listTree(root: string, tenantId: string): Promise<string[]> {
  const own = `tenant_${tenantId.replaceAll('-', '')}`;
  const names = await readdir(root, { recursive: true }).catch(() => []);
  return names.filter(
    (name) => !name.startsWith(own) && !/^tenant_[0-9a-f]{32}(\/[0-9a-f-]{36})?$/.test(name),
  );
}
