import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(600_000);

// Needs root, systemd and minutes: asked for by `scripts/test.sh --all`, or by hand.
const wanted = process.env['CASEMATE_TEST_SYSTEMD'] === '1' && process.getuid?.() === 0;
const journey = wanted ? describe : describe.skip;
const main = path.resolve(import.meta.dirname, '../src/main.ts');

journey('DEP-01: an appliance on a host whose first process is systemd', () => {
  // Not below /tmp: the overlay must not lie on what it covers.
  const dir = wanted ? mkdtempSync('/var/tmp/casemate-systemd-') : '';
  let outer: ChildProcess;
  let first = '';

  const inside = (program: string, ...args: string[]) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
    const words = ['-t', first, '-m', '-p', '-u', '-i', '-n', '-C', '--', program, ...args];
    return spawnSync('nsenter', words, { env, encoding: 'utf8', timeout: 400_000 });
  };
  const casemate = (...args: string[]) =>
    inside(process.execPath, '--no-warnings', main, ...args, '--instance', 'journey');
  const until = async (check: () => boolean) => {
    for (let left = 120; left > 0; left -= 1) {
      if (check()) return;
      await sleep(500);
    }
    throw new Error('it did not happen within a minute');
  };
  const state = (unit: string) =>
    inside('systemctl', 'is-active', `casemate-journey-${unit}`).stdout.trim();

  const mainPid = () =>
    inside(
      'systemctl',
      'show',
      '-p',
      'MainPID',
      '--value',
      'casemate-journey-server',
    ).stdout.trim();

  beforeAll(async () => {
    outer = spawn(path.join(import.meta.dirname, 'boot-systemd.sh'), [dir], { stdio: 'ignore' });
    await until(() => {
      const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim();
      first = children.split(' ')[0] ?? '';
      return first !== '' && inside('systemctl', 'is-system-running').stdout.trim() === 'running';
    });
  });
  afterAll(() => {
    // Its first process ends with it, and everything inside with that one.
    outer.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  it('is installed as units, answers a question, and is well', () => {
    const flags = ['--yes', '--json', '--host-name', 'localhost'];
    const installed = casemate('install', ...flags, '--storage-encryption', 'confirmed');
    expect({ status: installed.status, stderr: installed.stderr.slice(-2000) }).toMatchObject({
      status: 0,
    });
    expect(JSON.parse(installed.stdout)).toMatchObject({ selfCheck: { ok: true } });
    const { checks } = JSON.parse(casemate('doctor', '--json').stdout) as {
      checks: { id: string; status: string }[];
    };
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(state('server.service')).toBe('active');
  });

  it('walls each component in', () => {
    const pid = mainPid();
    const status = inside('cat', `/proc/${pid}/status`).stdout;
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(status).toMatch(/Seccomp:\s+2/);
    // CAP_NET_BIND_SERVICE (10) alone, for port 443.
    expect(status).toMatch(/CapBnd:\s+0000000000000400/);
    const enter = ['-t', pid, '-m', '--', 'setpriv', '--reuid', 'casemate'];
    const walls = [...enter, '--regid', 'casemate', '--clear-groups'];
    expect(
      inside('nsenter', ...walls, 'cat', '/etc/casemate/journey/seal/seal.key').status,
    ).not.toBe(0);
    expect(inside('nsenter', ...walls, 'touch', '/var/lib/casemate/x').stderr).toContain(
      'Read-only',
    );
  });

  it('starts again what was killed, with a fresh secret-id', async () => {
    const before = mainPid();
    inside('systemctl', 'kill', '-s', 'KILL', 'casemate-journey-server.service');
    await until(() => state('server.service') === 'active' && !['0', before].includes(mainPid()));
    inside('touch', '/run/casemate/journey/server/secret-id-request');
    await until(
      () => inside('test', '-e', '/run/casemate/journey/server/secret-id-request').status !== 0,
    );
  });

  it('has its timers waiting, and what each of them starts does what the command does', () => {
    const { stdout } = inside('systemctl', 'list-timers', '--all', '--no-legend');
    const property = (name: string, key: string) =>
      inside('systemctl', 'show', '-p', key, '--value', `casemate-journey-${name}`).stdout.trim();
    for (const name of ['certificate', 'audit-logs', 'verification']) {
      expect(stdout).toContain(`casemate-journey-${name}.timer`);
      expect(property(`${name}.timer`, 'ActiveState')).toBe('active');
      inside('systemctl', 'start', `casemate-journey-${name}.service`);
    }
    const journal = (name: string) =>
      inside('journalctl', '-u', `casemate-journey-${name}`, '-o', 'cat', '--no-pager').stdout;
    for (const name of ['certificate', 'audit-logs', 'verification']) {
      const result = property(`${name}.service`, 'Result');
      const said = result === 'success' ? '' : journal(name).slice(-6_000);
      expect({ name, result, said }).toEqual({ name, result: 'success', said: '' });
    }
    expect(journal('verification')).toMatch(/ISO-01/);
  });

  it('moves audit files aside that have grown, and the key service writes on', async () => {
    const file = '/var/log/casemate/journey/openbao/audit-1.log';
    const size = (path: string) => Number(inside('stat', '-c', '%s', path).stdout.trim());
    inside('truncate', '-s', '+51M', file);
    inside('systemctl', 'start', 'casemate-journey-audit-logs.service');
    expect(size(`${file}.1`)).toBeGreaterThan(50 * 1024 * 1024);
    expect(casemate('rotation', 'list').status).toBe(0);
    await until(() => size(file) > 0);
    expect(size(file)).toBeLessThan(1024 * 1024);
  });

  it('rotates its seal key, is well afterwards, and shows the age of each secret', async () => {
    const seal = () => inside('sha256sum', '/etc/casemate/journey/seal/seal.key').stdout;
    const before = seal();
    const rotated = casemate('rotation', 'run', 'seal-key');
    expect({ status: rotated.status, said: rotated.stderr }).toMatchObject({ status: 0 });
    expect(seal()).not.toBe(before);
    await until(() => state('openbao.service') === 'active' && casemate('status').status === 0);
    const { secrets } = JSON.parse(casemate('rotation', 'list', '--json').stdout) as {
      secrets: { name: string; state: string; ageDays: number | null }[];
    };
    expect(secrets.length).toBeGreaterThan(6);
    for (const secret of secrets) expect(secret).toMatchObject({ state: 'current', ageDays: 0 });
  });

  it('shows its logs out of the journal', () => {
    const { logs } = JSON.parse(casemate('logs', '--json', '-n', '20').stdout) as {
      logs: { id: string; lines: string[] }[];
    };
    const lines = new Map(logs.map((log) => [log.id, log.lines.join('\n')]));
    expect(lines.get('server')).toContain('"program":"server"');
    for (const id of ['postgresql', 'openbao', 'ollama', 'provisioner'])
      expect([id, (lines.get(id) ?? '').length > 0]).toEqual([id, true]);
    expect(casemate('logs', 'nobody').status).toBe(2);
  });

  it('leaves no unit and no process behind', () => {
    expect(casemate('uninstall', '--purge', '--yes').status).toBe(0);
    expect(inside('ls', '/etc/systemd/system').stdout).not.toContain('casemate');
    expect(inside('ps', '-eo', 'user').stdout).not.toContain('casemat');
    // The host itself has seen nothing of it.
    expect(execFileSync('ls', ['/etc']).toString()).not.toContain('casemate-journey');
  });
});
