import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { EgressReport } from '../src/egress/judge.ts';
import { measureSealed, type Inside } from '../src/egress/measure-sealed.ts';
import { runProgram } from '../src/host/run-program.ts';

const command = path.resolve(import.meta.dirname, '../src/main.ts');
const casemate = [process.execPath, '--disable-warning=ExperimentalWarning', command];

/** What a product that calls home would ship. */
const BEACON = `
setInterval(() => fetch('https://telemetry.example/v1/usage').catch(() => undefined), 1000);
`;

/** Puts the beacon into the installed server, and starts that again. */
async function infect({ enter, place }: Inside): Promise<void> {
  const programs = path.join(place.dataDir, 'programs');
  const server = readdirSync(programs).find((name) => name.startsWith('server-')) ?? '';
  const found = readdirSync(path.join(programs, server), { recursive: true, encoding: 'utf8' });
  const file = found.find((name) => /dist\/main\.js$/.test(name)) ?? '';
  const main = path.join(programs, server, file);
  // At its beginning: behind its end it would wait until the server stops.
  writeFileSync(main, `${BEACON}${readFileSync(main, 'utf8')}`);
  const [shell, ...words] = ['env', ...enter, ...casemate, 'restart', 'server'] as const;
  const named = ['--instance', place.instance, '--data-dir', place.dataDir];
  const { code, stderr } = await runProgram(shell, [...words, ...named], { inherit: true });
  expect([code, stderr]).toEqual([0, stderr]);
}

const measure = (meanwhile?: (inside: Inside) => Promise<void>): Promise<EgressReport> =>
  measureSealed({
    ...{ version: '0.1.0', casemate, idleSeconds: 20, progress: () => undefined },
    installFlags: ['--storage-encryption', 'without'],
    sign: (report) => Promise.resolve(report),
    ...(meanwhile ? { meanwhile } : {}),
  });

describe('an installation, its use and its idling, counted', () => {
  it('DEP-07: a server with a beacon is found, by account and name, and the canaries are caught', async () => {
    const report = await measure(infect);
    expect(report).toMatchObject({ ok: false, valid: true, canary_caught: true });
    expect(report.by_process['casemate']?.packets).toBeGreaterThan(0);
    expect(report.asked).toContainEqual(
      expect.objectContaining({ account: 'casemate', name: 'telemetry.example' }),
    );
    const [install, use, idle] = report.phases;
    expect([install?.packets, install?.names, use?.packets, use?.names]).toEqual([0, 0, 0, 0]);
    expect(idle?.names).toBeGreaterThan(0);
  }, 600_000);

  it('DEP-07: as it is shipped it sends nothing and asks for no name', async () => {
    const report = await measure();
    expect(report).toMatchObject({ ok: true, packets: 0, names: 0, canary_caught: true });
  }, 600_000);
});
