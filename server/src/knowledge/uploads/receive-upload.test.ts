import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { receiveUpload } from './receive-upload.ts';

describe('receiveUpload', () => {
  let file = '';
  beforeEach(() => {
    file = path.join(mkdtempSync(path.join(tmpdir(), 'casemate-upload-')), 'tenant', 'document');
  });
  const receive = (body: Readable, maxBytes = 100, signal = new AbortController().signal) =>
    receiveUpload(body, { file, maxBytes, signal });

  it('refuses a body over the limit, whatever was announced, and leaves nothing', async () => {
    const body = Readable.from([Buffer.alloc(60), Buffer.alloc(60)]);
    await expect(receive(body)).rejects.toMatchObject({ code: 'too_large' });
    expect(existsSync(file)).toBe(false);
  });

  it('leaves nothing of an upload that was broken off', async () => {
    const stop = new AbortController();
    const body = new Readable({ read: () => undefined });
    body.push(Buffer.alloc(10));
    setTimeout(() => stop.abort(new Error('gone')), 20);
    await expect(receive(body, 100, stop.signal)).rejects.toThrow();
    expect(existsSync(file)).toBe(false);
  });

  it('says that the disk is full, and leaves nothing', async () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const body = new Readable({
      read() {
        this.destroy(full);
      },
    });
    await expect(receive(body)).rejects.toMatchObject({ code: 'storage_full', status: 507 });
    expect(existsSync(file)).toBe(false);
  });

  it('INP-04: never writes over a file that is there', async () => {
    await receive(Readable.from([Buffer.from('first')]));
    await expect(receive(Readable.from([Buffer.from('second')]))).rejects.toThrow('EEXIST');
    expect(readFileSync(file, 'utf8')).toBe('first');
  });

  it('counts and hashes what it stores, for the server’s account alone', async () => {
    const received = await receive(Readable.from([Buffer.from('ab'), Buffer.from('c')]));
    expect(received.bytes).toBe(3);
    expect(received.sha256).toEqual(createHash('sha256').update('abc').digest());
    expect(readFileSync(file, 'utf8')).toBe('abc');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
