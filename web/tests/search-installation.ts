import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import { logIn, readCredential } from '../../installer/src/vault/log-in.ts';
import { findInFiles } from '../../server/tests/find-in-files.ts';

const PARTS = ['data/postgresql', 'data/openbao', 'data/server', 'log', 'config'];

/** The files of an installation that hold a text, from its home; logs and audit files are among them. */
export function filesWith(home: string, text: string): string[] {
  return PARTS.flatMap((part) =>
    findInFiles(join(home, part), [text]).map(({ file }) => join(part, file)),
  );
}

/** What a backup of the key service holds. */
export async function snapshotOf(home: string): Promise<string> {
  const socketPath = join(home, 'run/openbao/bao.sock');
  const file = join(home, 'config/credentials/operator.json');
  const token = await logIn(socketPath, await readCredential(file));
  const path = '/v1/sys/storage/raft/snapshot';
  const headers = { 'x-vault-token': token, 'x-vault-request': 'true' };
  return new Promise((done, fail) => {
    const call = request({ socketPath, path, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        // Compressed as it is; what it holds is looked at.
        const archive = Buffer.concat(parts);
        expect([answer.statusCode, archive.length > 10_000]).toEqual([200, true]);
        done(gunzipSync(archive).toString('latin1'));
      });
    });
    call.on('error', fail);
    call.end();
  });
}
