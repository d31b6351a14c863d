import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createModel } from './create-model.ts';
import { tempDir } from './testing/temp-dir.ts';
import type { Component } from './types.ts';

const digest = `sha256:${createHash('sha256').update('weights').digest('hex')}`;
let server: Server;
let asked: string[];

afterEach(() => void server.close());

/** A scripted Ollama that has some blobs already and answers /api/create with `status`. */
async function scriptOllama(status: number, present: string[] = []): Promise<string> {
  asked = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      const missing = request.method === 'HEAD' && !present.some((it) => request.url?.endsWith(it));
      response.statusCode = missing ? 404 : request.url === '/api/create' ? status : 200;
      response.end(request.method === 'HEAD' ? undefined : '{"error":"said so"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function model(): Component {
  const dir = tempDir();
  writeFileSync(path.join(dir, 'Modelfile'), 'FROM ./model.gguf\n');
  writeFileSync(path.join(dir, '.marker'), '');
  writeFileSync(path.join(dir, 'model.gguf'), 'weights');
  const sha256 = '0'.repeat(64);
  return { name: 'model-chat', version: '1', dir, source: 'cache', sha256, executables: {} };
}

const creation = `POST /api/create ${JSON.stringify({
  model: 'chat',
  files: { 'model.gguf': digest },
  stream: false,
})}`;

describe('createModel', () => {
  it('throws what Ollama answered when it refuses the model', async () => {
    const url = await scriptOllama(400);
    await expect(createModel(url, model(), 'chat')).rejects.toThrow('400 {"error":"said so"}');
  });

  it('sends the files by their digest, then creates the model of them', async () => {
    await createModel(await scriptOllama(200), model(), 'chat');
    const blob = `/api/blobs/${digest}`;
    expect(asked).toEqual([`HEAD ${blob}`, `POST ${blob} weights`, creation]);
  });

  it('does not send again what the server has', async () => {
    await createModel(await scriptOllama(200, [digest]), model(), 'chat');
    expect(asked).toEqual([`HEAD /api/blobs/${digest}`, creation]);
  });
});
