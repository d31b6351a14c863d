import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../installer/src/host/free-port.ts';
import { walkInBrowser } from './walk-in-browser.ts';

const root = path.resolve(import.meta.dirname, '../..');
const MINUTES = 60_000;

const hasEngine = (() => {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

if (!hasEngine)
  it.skip('the containers of one host (untested: no container engine answers here)', () => {
    expect(hasEngine).toBe(false);
  });
else
  describe('the containers of one host, on a real engine', () => {
    // A copy, so that secrets and settings of an installation in the checkout stay as they are.
    const copy = mkdtempSync(path.join(tmpdir(), 'cmd-'));
    const compose = path.join(copy, 'compose');
    const env = { ...process.env, COMPOSE_PROJECT_NAME: path.basename(copy).toLowerCase() };
    const run = (program: string, ...words: string[]): string =>
      execFileSync(program, words, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
    const inContainer = (service: string, ...words: string[]): string =>
      run(path.join(compose, 'compose.sh'), 'exec', '-T', service, ...words);
    const node = '/casemate/node/bin/node';
    let said: string[] = [];

    beforeAll(async () => {
      cpSync(path.join(root, 'compose'), compose, {
        recursive: true,
        filter: (file) => !/\/(dist|secrets)(\/|$)/.test(file),
      });
      for (const name of ['scripts', 'installer', 'server', 'web', 'node_modules'])
        symlinkSync(path.join(root, name), path.join(copy, name));
      const out = path.join(compose, 'dist');
      const builder = path.join(root, 'scripts/images/main.ts');
      run(process.execPath, builder, '--out', out, '--load');
      const ports = [await freePort(), await freePort()].map(String);
      const answer = run(
        path.join(compose, 'up.sh'),
        ...['--host-name', 'localhost'],
        ...['--https-port', ports[0] ?? '', '--http-port', ports[1] ?? ''],
      );
      said = answer.trim().split('\n');
    }, 20 * MINUTES);
    afterAll(() => {
      run(path.join(compose, 'compose.sh'), 'down', '--volumes', '--timeout', '30');
      rmSync(copy, { recursive: true, force: true });
    }, 3 * MINUTES);

    it('DEP-02: answers a question about a document made just now, and gives the set-up link', () => {
      expect(JSON.parse(said[0] ?? '')).toMatchObject({ ok: true });
      expect(JSON.parse(said[1] ?? '')).toMatchObject({ administrators: 0 });
    });

    it(
      'DEP-02: shows the answer and its source in Chromium',
      () => {
        const caFile = path.join(copy, 'ca.crt');
        const read =
          'process.stdout.write(require("node:fs").readFileSync("/run/dashboard-tls/ca.crt"))';
        writeFileSync(caFile, inContainer('server', node, '-e', read));
        const { url } = JSON.parse(said[1] ?? '') as { url: string };
        const walked = walkInBrowser({ address: new URL(url).origin, setupLink: url, caFile });
        expect(walked.answer).toContain(walked.token);
        expect(walked).toMatchObject({ other: 'not_in_documents', faults: [] });
      },
      10 * MINUTES,
    );

    it.each(['server', 'provisioner', 'issuer', 'postgresql', 'openbao', 'ollama'])(
      'DEP-01: the kernel says that %s holds nothing',
      (service) => {
        const read =
          'process.stdout.write(require("node:fs").readFileSync("/proc/1/status","utf8"))';
        const status = inContainer(service, node, '-e', read);
        expect(status).toMatch(/^Uid:\s+1000\d\s+1000\d/m);
        for (const set of ['Prm', 'Eff', 'Bnd', 'Amb'])
          expect(status).toMatch(new RegExp(`^Cap${set}:\\s+0+$`, 'm'));
        expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
        expect(status).toMatch(/^Seccomp:\s+2$/m);
        const write = 'require("node:fs").writeFileSync("/casemate/x","")';
        expect(() => inContainer(service, node, '-e', write)).toThrow(/EROFS/);
      },
    );

    it('NET-02: no part but the server has a network, and the server has no way out', () => {
      const list = 'console.log(Object.keys(require("node:os").networkInterfaces()).join())';
      for (const service of ['postgresql', 'openbao', 'ollama', 'issuer', 'provisioner'])
        expect(inContainer(service, node, '-e', list).trim()).toBe('lo');
      const call = `require("node:net").connect(443,"192.0.2.1").setTimeout(2000,function(){console.log("no way out");this.destroy()}).on("connect",()=>console.log("OUT")).on("error",(e)=>console.log("no way out"))`;
      expect(inContainer('server', node, '-e', call).trim()).toBe('no way out');
    });

    it(
      'DEP-02: keeps everything over a restart of all containers',
      () => {
        run(path.join(compose, 'compose.sh'), 'restart');
        run(path.join(compose, 'compose.sh'), 'up', '--detach', '--wait', '--wait-timeout', '300');
        const main = '/casemate/server/dist/main.js';
        expect(JSON.parse(inContainer('server', node, main, 'self-check'))).toMatchObject({
          ok: true,
        });
      },
      10 * MINUTES,
    );
  });
