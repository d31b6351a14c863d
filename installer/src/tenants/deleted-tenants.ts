import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import type { CommandCall } from '../commands/command.ts';
import { formatTable } from '../terminal/terminal.ts';
import { askServer, cell, visible } from './ask-server.ts';

type Copies = { keysUntil: string; dataUntil: string; keysGone: boolean; dataGone: boolean };
type Deletion = {
  tenantId: string;
  name: string;
  deletedAt: string;
  removed: boolean;
  copies: Copies | null;
};
type Certificate = Deletion & {
  issuedAt: string;
  entry: number;
  entryHash: string;
  lastCopyDies: string | null;
  signature: { key: string };
};

export async function listDeleted(call: CommandCall, words: readonly string[]): Promise<ExitName> {
  if (words.length > 0) throw new Fault('`tenants deleted` takes no name', { code: 'usage' });
  const answer = await askServer<{ deletions: Deletion[] }>(call, { verb: 'deleted' });
  const rows = answer.deletions.map((one) => [
    cell(one.name),
    one.deletedAt.slice(0, 10),
    lastCopy(one),
    one.tenantId,
  ]);
  const table = formatTable([['NAME', 'DELETED', 'LAST COPY DIES', 'ID'], ...rows]);
  call.answer(rows.length === 0 ? 'No tenant was deleted' : table, answer);
  return 'ok';
}

function lastCopy({ removed, copies }: Deletion): string {
  if (!removed) return 'being deleted';
  if (!copies) return 'no backups';
  return copies.dataGone && copies.keysGone ? 'gone' : copies.dataUntil.slice(0, 10);
}

export async function showCertificate(
  call: CommandCall,
  [tenant, ...more]: readonly string[],
): Promise<ExitName> {
  if (tenant === undefined || more.length > 0)
    throw new Fault('Say whose deletion: the name or the id of the tenant', { code: 'usage' });
  const found = await askServer<Certificate>(call, { verb: 'certificate', tenant });
  const { copies } = found;
  const until = (date: string, gone: boolean) =>
    gone ? 'gone from the backups' : `dies by ${date}`;
  const lines = [
    `Tenant         ${visible(found.name)}  ${found.tenantId}`,
    `Deleted        ${found.deletedAt}; key, schema and role are destroyed`,
    `Ledger         entry ${found.entry}, ${found.entryHash.slice(0, 16)}…`,
    ...(copies
      ? [
          `Copy of key    ${until(copies.keysUntil, copies.keysGone)}`,
          `Copy of data   ${until(copies.dataUntil, copies.dataGone)}`,
          `Last copy      ${until(found.lastCopyDies ?? '', copies.dataGone && copies.keysGone)}`,
        ]
      : ['Backups        none are planned here; no copy is known']),
    `Signed         ${found.issuedAt}, key ${found.signature.key.slice(0, 16)}…`,
  ];
  call.answer(lines.join('\n'), found);
  return 'ok';
}
