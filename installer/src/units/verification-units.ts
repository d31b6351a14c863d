import { unitNames } from './unit-names.ts';
import { casemateCommand, type UnitPlan } from './unit-plan.ts';
import { commandLine, unitText } from './unit-text.ts';

/**
 * Verifies the controls once a day. The unit fails when a control does, which is what the host's own
 * monitoring watches. It looks at other accounts' processes and files, and so needs more than the
 * other tasks of root; it writes nothing but the command's directory.
 */
export function verificationUnits(plan: UnitPlan): Map<string, string> {
  const name = unitNames(plan.instance).verification;
  const description = ['Description', `Casemate (${plan.instance}): verify the controls`] as const;
  return new Map([
    [
      `${name}.timer`,
      unitText([
        ['Unit', [description, ['PartOf', unitNames(plan.instance).target]]],
        [
          'Timer',
          [
            ['OnCalendar', 'daily'],
            ['RandomizedDelaySec', '2h'],
            ['Persistent', 'yes'],
          ],
        ],
        ['Install', [['WantedBy', unitNames(plan.instance).target]]],
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
            ['ExecStart', commandLine(casemateCommand(plan, 'verify'))],
            ['NoNewPrivileges', 'yes'],
            ['ProtectKernelTunables', 'yes'],
            ['ProtectKernelModules', 'yes'],
            ['ProtectControlGroups', 'yes'],
            ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
            ['IPAddressDeny', 'any'],
            ['IPAddressAllow', 'localhost'],
            [
              'CapabilityBoundingSet',
              [
                ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH', 'CAP_FOWNER'],
                ...['CAP_SETUID', 'CAP_SETGID', 'CAP_SYS_PTRACE', 'CAP_KILL'],
              ].join(' '),
            ],
            ['UMask', '0077'],
          ],
        ],
      ]),
    ],
  ]);
}
