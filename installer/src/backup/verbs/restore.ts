import path from 'node:path';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import { installOptions } from '../../commands/install-options.ts';
import { verifyGiven } from '../../commands/verify-given.ts';
import { withLock } from '../../components/with-lock.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { showFirstAnswer } from '../../steps/show-first-answer.ts';
import { formatDuration } from '../../terminal/terminal.ts';
import { lostKey } from '../restore/open-repositories.ts';
import { restoreWhole } from '../restore/restore-whole.ts';
import { toldBy } from '../told-by.ts';
import { restoreOneTenant } from './restore-tenant.ts';

export async function restore(call: CommandCall): Promise<ExitName> {
  const tenant = textFlag(call, 'tenant');
  const id = call.words[1] === 'latest' ? undefined : call.words[1];
  const at = timeFlag(call);
  if (tenant !== undefined) return restoreOneTenant(call, { tenant, id, at });
  const startedAt = performance.now();
  const { layout, reporter } = call;
  const needed = (flag: string, next: string): string => {
    const value = textFlag(call, flag);
    if (value !== undefined) return value;
    throw new Fault(`Give --${flag}`, { next, code: 'usage' });
  };
  const from = needed('from', 'casemate backup restore --from TARGET --identity FILE');
  const identityFile = path.resolve(
    needed(
      'identity',
      `It is the file that \`casemate backup key\` wrote, or a copy of it. ${lostKey}`,
    ),
  );
  const options = installOptions(call);
  await verifyGiven(call, options.bundleDir);
  const request = {
    ...{ layout, options, target: from, identityFile, reporter },
    files: { credentials: fileFlag(call, 'credentials'), trust: fileFlag(call, 'trust') },
    ...{ id, at, told: toldBy(reporter) },
  };
  const lockDir = path.join(`${layout.pointerDir}.restore-lock`);
  const onWait = (pid: number) => reporter.info(`Process ${pid} restores this instance; waiting.`);
  const { manifest, context, compared } = await withLock(lockDir, { onWait }, () =>
    restoreWhole(request),
  );
  const first = await showFirstAnswer(context, call);
  const took = formatDuration(performance.now() - startedAt);
  const rows = compared === null ? '' : `, the rows of ${compared} tables as they were noted`;
  const lines = [
    ...(first?.lines ?? []),
    `Restored ${manifest.id} (${took})${rows}.`,
    ...(first?.setupLink ? [`  Set-up    ${first.setupLink}`] : []),
  ];
  const ms = Math.round(performance.now() - startedAt);
  call.answer(lines.join('\n'), { id: manifest.id, comparedTables: compared, ms, ...first });
  return 'ok';
}

function fileFlag(call: CommandCall, name: string): string | undefined {
  const file = textFlag(call, name);
  return file === undefined ? undefined : path.resolve(file);
}

function timeFlag(call: CommandCall): Date | undefined {
  const text = textFlag(call, 'at');
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(at.getTime()))
    return at;
  throw new Fault(`--at needs a time with its zone, not "${text}"`, {
    next: 'For example 2026-11-22T17:00:00Z.',
    code: 'usage',
  });
}
