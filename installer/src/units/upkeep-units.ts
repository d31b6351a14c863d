import { unitNames } from './unit-names.ts';
import { casemateCommand, type UnitPlan } from './unit-plan.ts';
import { commandLine, quote, type Section, unitText } from './unit-text.ts';

/** Lays out a new secret-id when a program asks for one by creating its request file. */
export function secretIdUnits(
  plan: UnitPlan,
  { role, requestFile }: { role: string; requestFile: string },
): Map<string, string> {
  const name = unitNames(plan.instance).secretId(role);
  const description = [
    'Description',
    `Casemate (${plan.instance}): secret-id for ${role}`,
  ] as const;
  return new Map([
    [
      `${name}.path`,
      unitText([
        ['Unit', [description, ['PartOf', unitNames(plan.instance).target]]],
        ['Path', [['PathExists', quote(requestFile)]]],
        ['Install', [['WantedBy', unitNames(plan.instance).target]]],
      ]),
    ],
    [
      `${name}.service`,
      unitText([
        // Without a limit: a key service that is away for an hour must not end the attempts.
        ['Unit', [description, ['StartLimitIntervalSec', '0']]],
        oneshot(casemateCommand(plan, 'issue-credential', role), [
          ['Restart', 'on-failure'],
          ['RestartSec', '5'],
        ]),
      ]),
    ],
  ]);
}

/** Looks once a day whether the certificate must be made anew. */
export function certificateUnits(plan: UnitPlan): Map<string, string> {
  const name = unitNames(plan.instance).certificate;
  const description = [
    'Description',
    `Casemate (${plan.instance}): renew the certificate`,
  ] as const;
  return new Map([
    [
      `${name}.timer`,
      unitText([
        ['Unit', [description, ['PartOf', unitNames(plan.instance).target]]],
        [
          'Timer',
          [
            ['OnCalendar', 'daily'],
            ['RandomizedDelaySec', '1h'],
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
        oneshot(casemateCommand(plan, 'certificate', 'renew'), []),
      ]),
    ],
  ]);
}

/** Looks every two minutes whether the audit files of the key service have grown: a full disk stops it. */
export function auditLogUnits(plan: UnitPlan): Map<string, string> {
  const { auditLogs: name, target } = unitNames(plan.instance);
  const description = [
    'Description',
    `Casemate (${plan.instance}): rotate the audit files of the key service`,
  ] as const;
  return new Map([
    [
      `${name}.timer`,
      unitText([
        ['Unit', [description, ['PartOf', target]]],
        [
          'Timer',
          [
            ['OnActiveSec', '1min'],
            ['OnUnitActiveSec', '2min'],
          ],
        ],
        ['Install', [['WantedBy', target]]],
      ]),
    ],
    [
      `${name}.service`,
      unitText([
        ['Unit', [description]],
        // SIGHUP, to a process of another account.
        oneshot(casemateCommand(plan, 'rotate-audit-logs'), [], ' CAP_KILL'),
      ]),
    ],
  ]);
}

/** Closes the way out of the service accounts before any of them starts: rules are gone at a boot. */
export function wayOutUnits(plan: UnitPlan): Map<string, string> {
  const { wayOut, target, component } = unitNames(plan.instance);
  const description = ['Description', `Casemate (${plan.instance}): close the way out`] as const;
  const before = ['Before', plan.specs.map(({ id }) => component(id)).join(' ')] as const;
  const [type, service] = oneshot(
    casemateCommand(plan, 'egress', 'apply'),
    [['RemainAfterExit', 'yes']],
    ' CAP_NET_ADMIN',
  );
  const ownRules = service.filter(([key]) => key !== 'PrivateNetwork');
  return new Map([
    [
      `${wayOut}.service`,
      unitText([
        ['Unit', [description, before, ['PartOf', target]]],
        [type, ownRules],
        ['Install', [['WantedBy', target]]],
      ]),
    ],
  ]);
}

/** Root's own small tasks: they hand files to service accounts, and need no more than that. */
function oneshot(argv: readonly string[], more: Section[1], capability = ''): Section {
  return [
    'Service',
    [
      ['Type', 'oneshot'],
      ['ExecStart', commandLine(argv)],
      ...more,
      ['NoNewPrivileges', 'yes'],
      ['PrivateDevices', 'yes'],
      ['PrivateNetwork', 'yes'],
      ['ProtectKernelTunables', 'yes'],
      ['ProtectKernelModules', 'yes'],
      ['ProtectControlGroups', 'yes'],
      ['RestrictAddressFamilies', 'AF_UNIX AF_NETLINK'],
      ['CapabilityBoundingSet', `CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER${capability}`],
      ['UMask', '0077'],
    ],
  ];
}
