import path from 'node:path';
import { createModel } from '../components/index.ts';
import { freePort } from '../host/free-port.ts';
import { waitUntil } from '../host/wait-until.ts';
import { ensureDir } from '../host/write-file.ts';
import { ollamaEnv } from '../supervisor/ollama-env.ts';
import { partComponent } from './part-component.ts';
import { startChild } from './start-child.ts';
import type { Place } from './unprivileged.ts';

export async function startOllamaPart(place: Place) {
  const { executables } = await partComponent('ollama', place);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const modelsDir = path.join(place.dir, 'ollama');
  await ensureDir(modelsDir, { mode: 0o700, owner: place.runAs });
  const child = startChild({
    argv: [executables['ollama'] ?? 'ollama', 'serve'],
    env: ollamaEnv({ port, modelsDir, parallel: 1 }),
    runAs: place.runAs,
    stopSignal: 'SIGTERM',
  });
  const answers = () =>
    fetch(url).then(
      (reply) => reply.ok,
      () => false,
    );
  const ready = await waitUntil(async () => child.ended() || (await answers()), 20_000);
  if (!ready || child.ended()) throw new Error(`Ollama did not start:\n${child.log()}`);
  await createModel(url, await partComponent('model-chat', place), 'casemate-chat');
  await createModel(url, await partComponent('model-embed', place), 'casemate-embed');
  return { url, stop: child.stop };
}
