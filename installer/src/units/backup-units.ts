import { unitNames } from './unit-names.ts';
import { casemateCommand, type UnitPlan } from './unit-plan.ts';
import { commandLine, unitText } from './unit-text.ts';

/**
 * Looks every minute whether a backup, or a part of one, is due. It reads all of the instance, and
 * reaches the target, wherever that is; a drill makes namespaces of its own.
 */
export function backupUnits(plan: UnitPlan): Map<string, string> {
  const { backups: name, target } = unitNames(plan.instance);
  const description = ['Description', `Casemate (${plan.instance}): backups that are due`] as const;
  return new Map([
    [
      `${name}.timer`,
      unitText([
        ['Unit', [description, ['PartOf', target]]],
        [
          'Timer',
          [
            ['OnActiveSec', '2min'],
            ['OnUnitActiveSec', '1min'],
          ],
        ],
        ['Install', [['WantedBy', target]]],
      ]),
    ],
    [
      `${name}.service`,
      unitText([
        ['Unit', [description]],
        [
          'Service',
          [
            ['Type', 'oneshot'],
            ['ExecStart', commandLine(casemateCommand(plan, 'backup', 'tick'))],
            ['Nice', '10'],
            ['IOSchedulingClass', 'idle'],
            ['NoNewPrivileges', 'yes'],
            ['ProtectKernelTunables', 'yes'],
            ['ProtectKernelModules', 'yes'],
            ['UMask', '0077'],
          ],
        ],
      ]),
    ],
  ]);
}
