import { openAsBlob } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from './hash-file.ts';
import type { Component } from './types.ts';

/**
 * Imports a model component into a running Ollama at `ollamaUrl` under `modelName` (POST
 * /api/blobs/:digest, POST /api/create); what the server has already is not sent again.
 */
export async function createModel(
  ollamaUrl: string,
  component: Component,
  modelName: string,
): Promise<void> {
  const files: Record<string, string> = {};
  for (const file of await readdir(component.dir)) {
    if (file === 'Modelfile' || file.startsWith('.')) continue;
    files[file] = await sendBlob(ollamaUrl, path.join(component.dir, file));
  }
  const answer = await fetch(new URL('/api/create', ollamaUrl), {
    method: 'POST',
    body: JSON.stringify({ model: modelName, files, stream: false }),
  });
  await expectOk(answer, `Ollama did not create ${modelName}`);
}

async function sendBlob(ollamaUrl: string, file: string): Promise<string> {
  const digest = `sha256:${await hashFile(file)}`;
  const url = new URL(`/api/blobs/${digest}`, ollamaUrl);
  if ((await fetch(url, { method: 'HEAD' })).ok) return digest;
  const answer = await fetch(url, { method: 'POST', body: await openAsBlob(file) });
  await expectOk(answer, `Ollama did not take ${path.basename(file)}`);
  return digest;
}

async function expectOk(answer: Response, fault: string): Promise<void> {
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${fault}: ${answer.status} ${body}`);
}
