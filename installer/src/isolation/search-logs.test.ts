import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InstanceLayout } from '../instance/layout.ts';
import { markLogs, searchLogs, type SearchedLog } from './search-logs.ts';

const secret = 'CN0123456789ABCDEF';
const id = '01a203b2-0000-7000-8000-000000000001';

describe('the search of the logs', () => {
  let logDir: string;
  let layout: InstanceLayout;
  beforeEach(() => {
    logDir = mkdtempSync(join(tmpdir(), 'cms-logs-'));
    mkdirSync(join(logDir, 'openbao'));
    layout = { logDir, scope: 'directory' } as unknown as InstanceLayout;
    writeFileSync(join(logDir, 'server.log'), `of an earlier test: ${secret}\n`);
  });
  afterEach(() => rmSync(logDir, { recursive: true, force: true }));

  const search = async (write: () => void): Promise<SearchedLog[]> => {
    const mark = await markLogs(layout);
    write();
    return searchLogs(layout, mark, { secrets: [secret], ids: [id] });
  };

  it.each([
    ['as it is', secret],
    ['in small letters', secret.toLowerCase()],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
    ['in base64', Buffer.from(`${secret} and more`).toString('base64')],
  ])('ISO-09: finds a canary %s, in a log that is new too', async (_how, text) => {
    const found = await search(() => {
      writeFileSync(join(logDir, 'openbao/audit-1.log'), `{"data":"${text}"}\n`);
    });
    expect(found.map(({ name, holds }) => [name, holds])).toEqual([
      ['openbao/audit-1.log', 1],
      ['server.log', 0],
    ]);
  });

  it('ISO-09: reads a log whole that was begun anew', async () => {
    const found = await search(() => writeFileSync(join(logDir, 'server.log'), `${secret}\n`));
    expect(found).toMatchObject([{ name: 'server.log', holds: 1 }]);
  });

  it('knows a log by the id of a tenant, with and without dashes', async () => {
    const found = await search(() => {
      appendFileSync(join(logDir, 'server.log'), `tenant_${id.replaceAll('-', '')} was made\n`);
      writeFileSync(join(logDir, 'other.log'), 'nothing\n');
    });
    expect(found.map(({ name, tells }) => [name, tells])).toEqual([
      ['other.log', false],
      ['server.log', true],
    ]);
  });
});
