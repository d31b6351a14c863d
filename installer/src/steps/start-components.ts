import { getRuntime } from '../runtime/get-runtime.ts';
import type { ComponentStatus } from '../supervisor/component.ts';
import { digestSpec } from '../supervisor/digest-spec.ts';
import { processSpecs } from '../supervisor/process-specs.ts';
import type { ComponentId } from '../supervisor/processes.ts';
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

/** Starts what does not run, and starts again what runs as it was before this installation. */
function startStep(id: string, title: string, ids: readonly ComponentId[]): Step {
  return {
    id,
    title,
    isDone: async (context) => {
      const running = await findRunning(context, ids);
      return running.every(({ ready }) => ready) && findStale(context, running).length === 0;
    },
    apply: async (context) => {
      const runtime = getRuntime(context.layout);
      const progress = (text: string) => context.progress({ text });
      const stale = findStale(context, await findRunning(context, ids));
      if (stale.length > 0) {
        const restarted = await runtime.restart({ ids: stale, progress }).then(
          () => true,
          () => false,
        );
        // A supervisor of an earlier version starts them as that version knew them, perhaps for a
        // configuration that is not theirs any more, so that none becomes ready: it goes, too.
        const still = findStale(context, await findRunning(context, ids));
        if (!restarted || still.length > 0) await runtime.stop();
      }
      await runtime.start({ ids, progress });
    },
  };
}

async function findRunning(context: InstallContext, ids: readonly ComponentId[]) {
  const { components } = await getRuntime(context.layout).status();
  return components.filter(({ id }) => ids.some((wanted) => wanted === id));
}

function findStale(
  { layout, settings }: InstallContext,
  running: readonly ComponentStatus[],
): string[] {
  const specs = processSpecs(layout, settings);
  return running
    .filter(({ id, spec, state }) => {
      // It ended unasked and would be started again as it was: only a restart takes the new spec.
      if (state === 'waiting') return true;
      const wanted = specs.find((candidate) => candidate.id === id);
      return spec && wanted !== undefined && spec !== digestSpec(wanted);
    })
    .map(({ id }) => id);
}
