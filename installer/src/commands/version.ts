import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readLock } from '../components/index.ts';
import { findSettings } from '../instance/settings.ts';
import { formatTable } from '../terminal/terminal.ts';
import type { Command } from './command.ts';

/** One version for the whole product: that of the workspaces. */
export function casemateVersion(): string {
  const file = path.resolve(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export const version: Command = {
  name: 'version',
  summary: 'show the versions of Casemate and its components',
  flags: {},
  run: async ({ layout, answer }) => {
    const installed = (await findSettings(layout).catch(() => undefined)) ?? null;
    const components = Object.entries(readLock()).map(([name, pinned]) => ({
      name,
      pinned: pinned.version,
      installed: installed?.components[name]?.version ?? null,
    }));
    const value = {
      casemate: casemateVersion(),
      installed: installed?.server?.version ?? null,
      components,
    };
    const rows = components.map((c) => [c.name, c.pinned, c.installed ?? '-']);
    const table = formatTable([
      ['COMPONENT', 'THIS VERSION', 'INSTALLED'],
      ['casemate', value.casemate, value.installed ?? '-'],
      ...rows,
    ]);
    answer(table, value);
    return Promise.resolve('ok');
  },
};
