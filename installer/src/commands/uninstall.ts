import { existsSync } from 'node:fs';
import { endBackups } from '../backup/end-backups.ts';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { findSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { commandFile } from '../instance/installed-command.ts';
import { purgeInstance, removeInstance } from '../steps/remove-instance.ts';
import type { Command, CommandCall } from './command.ts';

export const uninstall: Command = {
  name: 'uninstall',
  summary: 'remove the instance; its data stays unless --purge is given',
  description: [
    'Without --purge the services go; the data, the keys, the settings and the programs stay, and',
    '`casemate install` takes them up again.',
    'With --purge everything of the instance is destroyed, its keys first: encrypted data in any',
    'backup can then only be read with a copy of the seal key. The cache of components stays.',
  ].join('\n'),
  flags: {
    purge: { type: 'boolean', help: 'destroy the data and the keys too' },
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
  },
  run: async (call) => {
    const { layout, flags, answer, reporter } = call;
    const purge = flags['purge'] === true;
    // What a broken installation left may be purged; another directory or a mistyped name never:
    // the keys that would go are those of the instance that does have the name.
    const found = (await findSettings(layout)) ?? (purge && isHalfMade(layout));
    if (!found) {
      answer(`There is no instance "${layout.instance}" here. Nothing was removed.`, {
        instance: layout.instance,
        removed: false,
      });
      return 'notInstalled';
    }
    await confirm(call, purge);
    const stopping = reporter.step('Stop the components');
    await getRuntime(layout).stop();
    await endBackups(layout);
    stopping.done();
    const removing = reporter.step(purge ? 'Destroy the keys and the data' : 'Remove the services');
    await (purge ? purgeInstance(layout) : removeInstance(layout));
    removing.done();
    answer(closingText(layout, purge), { instance: layout.instance, removed: true, purged: purge });
    return 'ok';
  },
};

function isHalfMade(layout: InstanceLayout): boolean {
  return [layout.configDir, layout.dataDir].some((dir) => existsSync(dir));
}

function closingText(layout: InstanceLayout, purge: boolean): string {
  const kept = purge
    ? []
    : [
        `  Data      ${layout.dataDir}`,
        `  Settings  ${layout.configDir}`,
        `  Seal key  ${layout.sealDir}`,
        '  `casemate install` takes them up again; --purge destroys them.',
      ];
  // In a directory of its own, the programs went with the instance.
  const shared =
    purge && layout.root
      ? []
      : [`  Programs  ${layout.programsDir} and ${commandFile({ layout })}`];
  const left = [...kept, ...shared, '  Downloads in the cache, which the next installation uses'];
  return [`The instance "${layout.instance}" is removed. Left:`, ...left].join('\n');
}

async function confirm({ layout, flags, ask }: CommandCall, purge: boolean): Promise<void> {
  if (flags['yes']) return;
  const question = purge
    ? `This destroys every document, account and key of "${layout.instance}".\nType the name of the instance to go on: `
    : `Remove the services of "${layout.instance}"? Type its name to go on: `;
  const typed = await ask(question);
  if (typed === layout.instance) return;
  throw new Fault('Nothing was removed', {
    why: typed === null ? 'There is no terminal to ask at.' : 'The name did not match.',
    next: typed === null ? 'Give --yes if you are sure.' : 'Run the command again.',
    code: 'usage',
  });
}
