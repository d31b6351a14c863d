import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createModel } from '../components/create-model.ts';
import { hashFile } from '../components/hash-file.ts';
import { Fault } from '../fault.ts';
import { waitUntil } from '../host/wait-until.ts';
import { isReady } from '../supervisor/is-ready.ts';
import { ollamaEnv } from '../supervisor/ollama-env.ts';
import { createProxy } from './create-proxy.ts';
import { join, listenTls } from './listen-tls.ts';
import { places } from './places.ts';
import { runChild } from './run-child.ts';
import type { ContainerSettings } from './settings.ts';

/** On the container's own loopback, behind the bridge. */
const inner = 11_435;
const outer = 11_434;

/**
 * Runs Ollama on loopback and lets clients reach it over the shared socket or, on a cluster, over TLS
 * with a certificate of theirs; then loads the models of the image.
 */
export async function runOllama(settings: ContainerSettings): Promise<void> {
  await rm(places.modelsReady, { force: true });
  await rm(places.modelSocket, { force: true });
  const { ended } = runChild({
    argv: [places.ollama, 'serve'],
    env: ollamaEnv({ port: inner, modelsDir: places.modelsDir, parallel: 2 }),
  });
  const proxy = createProxy({ host: '127.0.0.1', port: inner });
  const upstream = () => net.connect({ host: '127.0.0.1', port: inner, noDelay: true });
  await listenOnSocket(upstream);
  const check = { kind: 'http', socketPath: places.modelSocket, path: '/api/version' } as const;
  if (!(await waitUntil(() => isReady(check, 0), 120_000)))
    throw new Fault('Ollama did not become ready within two minutes');
  await loadModel('casemate-embed', places.models.embed);
  await loadModel('casemate-chat', places.models.chat);
  await writeFile(places.modelsReady, '');
  if (settings.tlsDir)
    await listenTls({
      port: outer,
      tlsDir: settings.tlsDir,
      clients: 'certified',
      hand: (socket) => void proxy.emit('connection', socket),
    });
  process.exit(await ended);
}

/** The folder of the socket is open to the group of the containers that share it, and to nobody else. */
function listenOnSocket(upstream: () => net.Socket): Promise<void> {
  const bridge = net.createServer({ allowHalfOpen: true }, (client) => join(client, upstream()));
  return new Promise((resolve, reject) => {
    bridge.once('error', reject);
    const before = process.umask(0o007);
    bridge.listen(places.modelSocket, () => {
      process.umask(before);
      resolve();
    });
  });
}

/** Ollama does not say which file a model was made from: a note beside its store does. */
async function loadModel(name: string, dir: string): Promise<void> {
  const file = path.join(dir, name === 'casemate-chat' ? 'Modelfile' : 'model.safetensors');
  const note = path.join(places.modelsDir, `${name}.loaded`);
  const wanted = await hashFile(file).catch(() => null);
  if (wanted === null || (await readFile(note, 'utf8').catch(() => '')) === wanted) return;
  await mkdir(places.modelsDir, { recursive: true });
  const component = {
    name: 'model-chat',
    version: '',
    dir,
    source: 'cache',
    sha256: wanted,
  } as const;
  await createModel(`unix:${places.modelSocket}`, { ...component, executables: {} }, name);
  await writeFile(note, wanted);
}
