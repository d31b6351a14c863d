import type { ComponentId } from '../supervisor/processes.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import type { InstallContext, Step } from './step.ts';

export const startParts = startStep('start-parts', 'Start PostgreSQL, OpenBao and Ollama', [
  'postgresql',
  'openbao',
  'ollama',
]);

export const startServices = startStep('start-services', 'Start Casemate', [
  'provisioner',
  'server',
]);

function startStep(id: string, title: string, ids: readonly ComponentId[]): Step {
  return {
    id,
    title,
    isDone: async (context) => {
      const { components } = await getRuntime(context.layout).status();
      return ids.every((wanted) => components.some((c) => c.id === wanted && c.ready));
    },
    apply: (context: InstallContext) =>
      getRuntime(context.layout).start({ ids, progress: (text) => context.progress({ text }) }),
  };
}
