import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../host/write-file.ts';
import type { Step } from './step.ts';

const source = path.resolve(import.meta.dirname, '../supervisor/model-bridge.ts');

/** Lays the bridge where the account of the model server can read it, which a checkout need not be. */
export const installModelBridge: Step = {
  id: 'install-model-bridge',
  title: 'Install the bridge to the model server',
  isDone: async ({ paths }) => {
    const found = await readFile(paths.modelBridgeFile, 'utf8').catch(() => '');
    return found === (await readFile(source, 'utf8'));
  },
  apply: async ({ paths }) => {
    await writeFileAtomically(paths.modelBridgeFile, await readFile(source), { mode: 0o644 });
  },
};
