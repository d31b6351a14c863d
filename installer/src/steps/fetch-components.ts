import { existsSync } from 'node:fs';
import path from 'node:path';
import { copyComponent, ensureComponent, readLock } from '../components/index.ts';
import type { Component, ComponentName } from '../components/index.ts';
import { servesInstead } from '../components/serves-instead.ts';
import type { InstallContext, Step } from './step.ts';

export const programs = ['node', 'postgresql', 'openbao', 'ollama', 'restic'] as const;
export const models = ['model-chat', 'model-embed'] as const;

const titles: Record<ComponentName, string> = {
  node: 'Bring Node.js',
  postgresql: 'Bring PostgreSQL with pgvector',
  openbao: 'Bring OpenBao',
  ollama: 'Bring Ollama',
  restic: 'Bring restic',
  'model-chat': 'Bring the chat model',
  'model-embed': 'Bring the embedding model',
};

/** One step per component, so that each shows its own progress and its own time. */
export const fetchComponents: Step[] = [...programs, ...models].map((name) => ({
  id: `fetch-${name}`,
  title: titles[name],
  isDone: ({ settings }) => {
    const present = settings.components[name];
    if (!present || !existsSync(present.dir)) return false;
    const pinned = readLock()[name].version;
    if (present.version !== pinned && !servesInstead(name, present.version, pinned)) return false;
    return Object.values(present.executables).every((file) => existsSync(file));
  },
  apply: async (context) => {
    const component = await install(name, context);
    context.components[name] = component;
    const { version, dir, sha256, executables } = component;
    context.settings.components[name] = { version, dir, sha256, executables };
    await context.save(context.settings);
    return `${version}, from the ${component.source}`;
  },
}));

/** The component, brought if it is missing: models are needed again only when they are imported. */
export async function getComponent(
  name: ComponentName,
  context: InstallContext,
): Promise<Component> {
  const { cacheDir, bundleDir } = context.options;
  context.components[name] ??= await ensureComponent(name, {
    cacheDir,
    ...(bundleDir ? { bundleDir } : {}),
    report: (event) => context.progress(event),
  });
  return context.components[name];
}

async function install(name: ComponentName, context: InstallContext): Promise<Component> {
  const component = await getComponent(name, context);
  // Models are imported into Ollama; an ordinary user's programs run from the cache.
  if (!context.layout.asRoot || !programs.some((program) => program === name)) return component;
  const folder = `${name}-${component.version}-${component.sha256.slice(0, 12)}`;
  return copyComponent(component, path.join(context.layout.programsDir, folder));
}
