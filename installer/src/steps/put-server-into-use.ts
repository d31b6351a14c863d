import { findSettings } from '../instance/settings.ts';
import type { Step } from './step.ts';

/**
 * Names the installed server in the settings, once the database has come along: a migration that
 * fails leaves the settings, and whatever starts from them, with the server from before.
 */
export const putServerIntoUse: Step = {
  id: 'put-server-into-use',
  title: 'Put the server into use',
  isDone: async ({ layout, settings }) =>
    JSON.stringify((await findSettings(layout))?.server) === JSON.stringify(settings.server),
  apply: async (context) => context.save(context.settings),
};
