import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createModel, requestOllama } from '../components/index.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { getComponent } from './fetch-components.ts';
import type { InstallContext, Step } from './step.ts';

const wanted = [
  { name: 'casemate-chat', component: 'model-chat', title: 'Load the chat model into Ollama' },
  {
    name: 'casemate-embed',
    component: 'model-embed',
    title: 'Load the embedding model into Ollama',
  },
] as const;

export const createModels: Step[] = wanted.map(({ name, component, title }) => ({
  id: `create-${component}`,
  title,
  isDone: async (context) => {
    const { sha256 } = context.settings.components[component] ?? { sha256: '' };
    const note = await readFile(noteFile(context, component), 'utf8').catch(() => '');
    return note === sha256 && (await modelExists(context, name));
  },
  apply: async (context) => {
    const source = await getComponent(component, context);
    await createModel(endpointOf(context), source, name);
    await writeFileAtomically(noteFile(context, component), source.sha256, { mode: 0o600 });
  },
}));

const endpointOf = ({ paths }: InstallContext) => `unix:${paths.modelSocket}`;

/** Ollama does not say which file a model was made from. */
function noteFile({ layout }: InstallContext, component: string): string {
  return path.join(layout.configDir, `${component}.loaded`);
}

async function modelExists(context: InstallContext, name: string): Promise<boolean> {
  const tags = { method: 'GET', path: '/api/tags' } as const;
  const reply = await requestOllama(endpointOf(context), tags).catch(() => undefined);
  if (!reply?.ok) return false;
  const { models } = JSON.parse(reply.body) as { models: { name: string }[] };
  return models.some((model) => model.name === `${name}:latest`);
}
