import type { ProcessSpec } from '../supervisor/processes.ts';
import { digestSpec } from '../supervisor/digest-spec.ts';
import { sandbox } from './sandbox.ts';
import { unitNames } from './unit-names.ts';
import { casemateCommand, type UnitPlan } from './unit-plan.ts';
import { commandLine, type Directive, quote, unitText } from './unit-text.ts';

/** A margin above the component's own time to become ready, for what runs before it. */
const startMarginSeconds = 30;

/** The unit of one component: the same process that the supervisor would run, walled in. */
export function componentUnit(spec: ProcessSpec, plan: UnitPlan): string {
  const names = unitNames(plan.instance);
  const before = spec.after.map(names.component);
  return unitText([
    [
      'Unit',
      [
        ['Description', `Casemate (${plan.instance}): ${spec.title}`],
        ['PartOf', names.target],
        ['After', ['network.target', 'systemd-tmpfiles-setup.service', ...before].join(' ')],
        // Wants, not Requires: the server outlives a restart of what it uses.
        ...(before.length > 0 ? [['Wants', before.join(' ')] as const] : []),
        // Changes with what the process reads at its start, so that it is started again then.
        ['X-Casemate-Spec', digestSpec(spec)],
        // It is tried again for ever; the pause is below.
        ['StartLimitIntervalSec', '0'],
      ],
    ],
    ['Service', [...service(spec, plan), ...sandbox(spec, plan)]],
    ['Install', [['WantedBy', names.target]]],
  ]);
}

function service(spec: ProcessSpec, plan: UnitPlan): Directive[] {
  const { limits, vaultRole } = spec;
  // '+' runs with the rights of systemd: the issuer's credential is root's alone.
  const issue =
    vaultRole && `+${commandLine(casemateCommand(plan, 'issue-credential', vaultRole))}`;
  const wait = `+${commandLine(casemateCommand(plan, 'wait-ready', spec.id))}`;
  return [
    ['Type', 'exec'],
    ['User', spec.account],
    ['Group', plan.group],
    ['WorkingDirectory', quote(spec.workingDir)],
    ...Object.entries(spec.env).map(([name, value]): Directive => [
      'Environment',
      quote(`${name}=${value}`),
    ]),
    ...sealDirectives(spec, plan),
    ...(issue ? [['ExecStartPre', issue] as const] : []),
    ['ExecStart', commandLine(spec.argv)],
    // What comes after it starts when it serves, not when it merely runs.
    ['ExecStartPost', wait],
    ['TimeoutStartSec', String(Math.ceil(spec.readyTimeoutMs / 1000) + startMarginSeconds)],
    ['KillMode', 'mixed'],
    ['KillSignal', spec.stopSignal],
    ['TimeoutStopSec', String(Math.ceil(spec.stopTimeoutMs / 1000))],
    ['Restart', 'always'],
    ['RestartSec', '2'],
    ['LimitNOFILE', String(limits.openFiles)],
    ['LimitCORE', '0'],
    ['TasksMax', String(limits.tasks)],
    ...(limits.memoryMiB === null ? [] : [['MemoryMax', `${limits.memoryMiB}M`] as const]),
    // When memory runs out, the model goes before the data.
    ['OOMScoreAdjust', spec.id === 'ollama' ? '500' : spec.id === 'postgresql' ? '-500' : '0'],
    ['SyslogIdentifier', `casemate-${plan.instance}-${spec.id}`],
  ];
}

function sealDirectives({ id }: ProcessSpec, { seal }: UnitPlan): Directive[] {
  if (id !== 'openbao' || seal.kind === 'file') return [];
  const directive = seal.encrypted ? 'LoadCredentialEncrypted' : 'LoadCredential';
  return [[directive, `seal.key:${quote(seal.file)}`]];
}
