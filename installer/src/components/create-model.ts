import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from './hash-file.ts';
import { type OllamaAnswer, requestOllama } from './request-ollama.ts';
import type { Component } from './types.ts';

/**
 * Imports a model component into a running Ollama at `endpoint` under `modelName` (POST
 * /api/blobs/:digest, POST /api/create); what the server has already is not sent again.
 */
export async function createModel(
  endpoint: string,
  component: Component,
  modelName: string,
): Promise<void> {
  const files: Record<string, string> = {};
  for (const file of await readdir(component.dir)) {
    if (file === 'Modelfile' || file.startsWith('.')) continue;
    files[file] = await sendBlob(endpoint, path.join(component.dir, file));
  }
  const answer = await requestOllama(endpoint, {
    method: 'POST',
    path: '/api/create',
    body: JSON.stringify({ model: modelName, files, stream: false }),
  });
  expectOk(answer, `Ollama did not create ${modelName}`);
}

async function sendBlob(endpoint: string, file: string): Promise<string> {
  const digest = `sha256:${await hashFile(file)}`;
  const blob = `/api/blobs/${digest}`;
  if ((await requestOllama(endpoint, { method: 'HEAD', path: blob })).ok) return digest;
  const body = { stream: createReadStream(file), bytes: (await stat(file)).size };
  const answer = await requestOllama(endpoint, { method: 'POST', path: blob, body });
  expectOk(answer, `Ollama did not take ${path.basename(file)}`);
  return digest;
}

function expectOk({ ok, status, body }: OllamaAnswer, fault: string): void {
  if (!ok) throw new Error(`${fault}: ${status} ${body}`);
}
