import { getSettings } from '../instance/settings.ts';
import { runServerProgram } from '../steps/run-server-program.ts';
import type { Command } from './command.ts';

type MadeLink = { url: string; expiresAt: string; administrators: number };

export const setupLink: Command = {
  name: 'setup-link',
  summary: 'make a one-time link that creates an administrator',
  description: [
    'Whoever opens the link first chooses name and password of a platform administrator. It works',
    'once, for 24 hours, and ends any older link that was not used. Only this command makes one.',
  ].join('\n'),
  flags: {},
  run: async ({ layout, answer }) => {
    const settings = await getSettings(layout);
    const output = await runServerProgram({ layout, settings }, 'server', ['setup-link', '--json']);
    const link = JSON.parse(output) as MadeLink;
    answer(
      [
        `  Set-up    ${link.url}`,
        `  Expires   ${link.expiresAt}`,
        `  Administrators so far: ${link.administrators}`,
      ].join('\n'),
      link,
    );
    return 'ok';
  },
};
