import { Fault } from '../fault.ts';
import { waitUntil } from '../host/wait-until.ts';
import { getSettings } from '../instance/settings.ts';
import { isReady } from '../supervisor/is-ready.ts';
import { processSpecs } from '../supervisor/process-specs.ts';
import type { Command } from './command.ts';

/** Run by the units after each start, so that what comes next starts when a component serves. */
export const waitReady: Command = {
  name: 'wait-ready',
  summary: 'wait until a component answers',
  words: { value: 'COMPONENT', most: 1 },
  flags: {},
  internal: true,
  run: async ({ words, layout, answer }) => {
    const specs = processSpecs(layout, await getSettings(layout));
    const spec = specs.find(({ id }) => id === words[0]);
    if (!spec) {
      const next = `Name one of ${specs.map(({ id }) => id).join(', ')}.`;
      throw new Fault(`There is no component "${words[0] ?? ''}"`, { next, code: 'usage' });
    }
    const startedAt = performance.now();
    const ready = await waitUntil(
      () => isReady(spec.ready, performance.now() - startedAt),
      spec.readyTimeoutMs,
      100,
    );
    answer(`${spec.id} is ${ready ? 'ready' : 'not ready'}`, { id: spec.id, ready });
    return ready ? 'ok' : 'notReady';
  },
};
