import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** Others' short timers come and go; one of a minute would stay. */
async function noMoreThan(before: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && timers() > before; tries += 1) await pause(20);
  return timers() <= before;
}

describe('running a program', () => {
  it('that is not there leaves no timer behind, which would hold the command until it ends', async () => {
    const before = timers();
    const missing = runProgram('/nonexistent/program', [], { timeoutMs: 60_000 });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await noMoreThan(before)).toBe(true);
  });

  it('kills it when its time is over, and gives what it printed until then', async () => {
    const words = ['-c', 'echo begun; exec sleep 60'];
    const killed = await runProgram('/bin/sh', words, { timeoutMs: 300 });
    expect(killed).toMatchObject({ code: null, stdout: 'begun\n' });
  });

  it('leaves no timer behind once it has ended by itself', async () => {
    const before = timers();
    expect(await runProgram('/bin/true', [], { timeoutMs: 60_000 })).toMatchObject({ code: 0 });
    expect(await noMoreThan(before)).toBe(true);
  });
});
