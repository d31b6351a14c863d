import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import type { Command } from './command.ts';
import { formatStatus } from './format-status.ts';

export const status: Command = {
  name: 'status',
  summary: 'show what runs (exit code 5 when something does not)',
  flags: {},
  run: async ({ layout, answer }) => {
    const settings = await getSettings(layout);
    const state = await getRuntime(layout).status();
    const installed = settings.server !== null;
    const note = '\nThe installation is not finished: run `./installer/install.sh` again.';
    answer(`${formatStatus(state)}${installed ? '' : note}`, { ...state, installed });
    return installed && state.components.every(({ ready }) => ready) ? 'ok' : 'notReady';
  },
};
