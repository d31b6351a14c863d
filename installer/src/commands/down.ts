import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import type { Command } from './command.ts';
import { formatStatus } from './format-status.ts';

export const down: Command = {
  name: 'down',
  summary: 'stop the instance, or some of its components',
  words: { value: '[COMPONENT…]', most: 10 },
  flags: {},
  run: async ({ words, layout, answer, reporter }) => {
    await getSettings(layout);
    const runtime = getRuntime(layout);
    const step = reporter.step('Stop');
    await runtime.stop(words.length > 0 ? words : undefined);
    step.done();
    const state = await runtime.status();
    answer(formatStatus(state), state);
    return 'ok';
  },
};
