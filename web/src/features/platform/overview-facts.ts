import type { Overview } from '../../lib/api/types.ts';
import { formatNumber, plural } from '../../lib/format.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'unknown';
export interface Fact {
  name: string;
  value: string;
  note: string;
  tone: Tone;
}

const DAY = 86_400;
const HOUR = 3600;
const UNKNOWN = { value: '–', tone: 'unknown' } as const;

/** The state of the appliance in a handful of facts, each with how well it is. */
export function overviewFacts(overview: Overview): Fact[] {
  return [
    partsFact(overview),
    jobsFact(overview),
    diskFact(overview),
    certificateFact(overview),
    backupFact(overview),
    signInFact(overview),
    controlsFact(overview),
    secretsFact(overview),
  ];
}

function partsFact({ parts, keyServiceSealed }: Overview): Fact {
  const name = 'Parts';
  if (parts === null) return { name, ...UNKNOWN, note: 'Could not be asked' };
  const down = Object.entries(parts).flatMap(([part, up]) => (up ? [] : [part]));
  if (keyServiceSealed)
    return { name, value: 'Sealed', note: 'The key service is sealed', tone: 'bad' };
  const all = Object.keys(parts).length;
  return down.length === 0
    ? { name, value: `${all} of ${all}`, note: 'All of them answer', tone: 'good' }
    : {
        name,
        value: `${all - down.length} of ${all}`,
        note: `Down: ${down.join(', ')}`,
        tone: 'bad',
      };
}

function jobsFact({ jobs }: Overview): Fact {
  const name = 'Queue';
  if (jobs === null) return { name, ...UNKNOWN, note: 'Could not be asked' };
  const minutes = Math.round(jobs.oldestSeconds / 60);
  const late = jobs.oldestSeconds > 900;
  const note = jobs.waiting === 0 ? 'Nothing waits' : `The oldest waits for ${minutes} min`;
  return { name, value: formatNumber(jobs.waiting), note, tone: late ? 'warn' : 'good' };
}

/** The fuller one of the disks: either stops the appliance. */
function diskFact({ diskFreeRatio: data, logDiskFreeRatio: logs }: Overview): Fact {
  const name = 'Disk';
  if (data === null) return { name, ...UNKNOWN, note: 'Could not be read' };
  const ofLogs = logs !== null && logs < data;
  const free = ofLogs ? logs : data;
  const tone = free < 0.02 ? 'bad' : free < 0.1 ? 'warn' : 'good';
  const note = ofLogs ? 'Of the disk of the logs' : 'Of the disk of the data';
  return { name, value: `${Math.round(free * 100)} % free`, note, tone };
}

function certificateFact({ certificateSeconds: left }: Overview): Fact {
  const name = 'Certificate';
  if (left === null) return { name, ...UNKNOWN, note: 'Could not be read' };
  const days = Math.floor(left / DAY);
  const value = left < 0 ? 'Ended' : plural(days, { one: '# day', other: '# days' });
  const tone = left < 0 ? 'bad' : days < 14 ? 'warn' : 'good';
  return { name, value, note: left < 0 ? 'Browsers refuse it' : 'Until it ends', tone };
}

function backupFact({ backupSeconds: age }: Overview): Fact {
  const name = 'Backup';
  if (age === null)
    return { name, value: 'None', note: 'None is known to have succeeded', tone: 'warn' };
  const hours = Math.round(age / HOUR);
  const value = `${formatNumber(hours)} h ago`;
  return { name, value, note: 'The last that succeeded', tone: hours > 26 ? 'bad' : 'good' };
}

function signInFact({ minutes, lockouts }: Overview): Fact {
  const name = 'Failed sign-ins';
  const failures = minutes.reduce((sum, minute) => sum + minute.signInFailures, 0);
  const locked = lockouts ?? 0;
  const tone = locked > 5 || failures > 60 ? 'warn' : 'good';
  const note = `In the last hour; ${plural(locked, { one: '# lockout', other: '# lockouts' })}`;
  return { name, value: formatNumber(failures), note, tone };
}

function controlsFact({ controls, egressSilent }: Overview): Fact {
  const name = 'Controls';
  if (controls === null) return { name, ...UNKNOWN, note: 'Not verified on this version yet' };
  const failing = controls['fail'] ?? 0;
  if (egressSilent === false)
    return { name, value: 'Not silent', note: 'See the page Trust', tone: 'bad' };
  const value = failing === 0 ? `${formatNumber(controls['pass'] ?? 0)} pass` : `${failing} fail`;
  return { name, value, note: 'At the last verification', tone: failing === 0 ? 'good' : 'bad' };
}

function secretsFact({ secrets }: Overview): Fact {
  const name = 'Secrets';
  if (secrets === null) return { name, ...UNKNOWN, note: 'Could not be asked' };
  const overdue = secrets['overdue'] ?? 0;
  return overdue === 0
    ? { name, value: 'In time', note: 'None is overdue', tone: 'good' }
    : { name, value: `${overdue} overdue`, note: 'See the page Secrets', tone: 'warn' };
}
