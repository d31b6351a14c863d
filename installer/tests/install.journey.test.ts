import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installSteps } from '../src/steps/install-steps.ts';
import { newInstallation } from './installation.ts';
import type { Installation } from './installation.ts';

type Status = { components: { id: string; pid: number; ready: boolean }[] };
type Answer = { changed: boolean; steps: { id: string; changed: boolean }[] };

let one: Installation;
let other: Installation;

beforeAll(async () => {
  one = await newInstallation('one');
  other = await newInstallation('other');
});

afterAll(async () => {
  for (const installation of [one, other])
    await installation.casemate(['uninstall', '--purge', '--yes']);
}, 120_000);

describe('the installer', () => {
  it('comes to its end although it is killed in every step', async () => {
    const killed: number[] = [];
    for (const [steps] of installSteps().entries()) {
      // The preflight is the first line; the delay lands inside the step that follows.
      if (await one.installKilledAfter(steps + 1, 30 + ((steps * 97) % 400))) killed.push(steps);
    }
    expect(killed.length).toBeGreaterThan(installSteps().length / 2);
    expect(await one.install()).toEqual(expect.objectContaining({ code: 0 }));
    const { answer } = await one.casemate(['status']);
    expect((answer as Status).components.map(({ id, ready }) => [id, ready])).toEqual([
      ['postgresql', true],
      ['openbao', true],
      ['ollama', true],
      ['provisioner', true],
      ['server', true],
    ]);
  }, 900_000);

  it('changes nothing when it runs again', async () => {
    const before = await one.casemate(['status']);
    const { code, answer } = await one.install();
    expect(code).toBe(0);
    expect((answer as Answer).steps.filter(({ changed }) => changed)).toEqual([]);
    expect((answer as Answer).changed).toBe(false);
    expect((await one.casemate(['status'])).answer).toEqual(before.answer);
  }, 120_000);

  it('installs a second instance beside the first, with no terminal to ask at', async () => {
    expect(await other.installUnasked()).toEqual(expect.objectContaining({ code: 0 }));
    for (const installation of [one, other]) {
      expect((await installation.casemate(['status'])).code).toBe(0);
    }
  }, 300_000);

  it('purges one, leaves nothing of it, and the other runs on', async () => {
    expect((await one.casemate(['uninstall', '--purge', '--yes'])).code).toBe(0);
    expect(existsSync(one.home)).toBe(false);
    expect(processesNaming(one.dir)).toEqual([]);
    expect((await one.casemate(['status'])).code).toBe(4);
    expect((await other.casemate(['status'])).code).toBe(0);
  }, 120_000);
});

function processesNaming(dir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return /^\d+$/.test(pid) && existsSync(file) && readFileSync(file, 'utf8').includes(dir);
  });
}
