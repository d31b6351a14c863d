import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fakePlan, fakeSpecs } from './fake-plan.ts';
import { renderUnits } from './render-units.ts';
import { sealCredentialPath } from './unit-names.ts';
import { commandLine, quote, unitText } from './unit-text.ts';

const { units, enable, temporaryFiles } = renderUnits(fakePlan);
const unit = (name: string) => units.get(`casemate-default-${name}`) ?? '';
const lines = (name: string, key: string) =>
  unit(name)
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`));

describe('the text of a unit', () => {
  it('refuses a line break, which would smuggle in a directive', () => {
    const evil = () => unitText([['Service', [['Environment', 'A=b\nExecStartPre=/bin/evil']]]]);
    expect(evil).toThrow('line break');
  });

  it('takes specifiers, variables and quotes literally', () => {
    expect(commandLine(['/bin/x', '%h', '$HOME', 'a b', 'say "x"', 'back\\slash'])).toBe(
      '/bin/x %%h "$$HOME" "a b" "say \\"x\\"" "back\\\\slash"',
    );
    expect(quote('A=100% $x')).toBe('"A=100%% $x"');
  });
});

describe('DEP-01: the units', () => {
  it('hide the seal key and the credentials from all but the key service', () => {
    for (const id of ['postgresql', 'ollama', 'provisioner', 'server']) {
      expect(lines(`${id}.service`, 'InaccessiblePaths')[0]).toContain(
        '/etc/casemate/default/seal',
      );
    }
    const [hidden] = lines('openbao.service', 'InaccessiblePaths');
    expect(hidden).toBe('InaccessiblePaths=-/etc/casemate/default/credentials');
  });

  it('deny every network address but loopback to all but the server', () => {
    for (const id of ['postgresql', 'openbao', 'ollama', 'provisioner']) {
      expect(lines(`${id}.service`, 'IPAddressDeny')).toEqual(['IPAddressDeny=any']);
    }
    expect(lines('server.service', 'IPAddressDeny')).toEqual([]);
    expect(lines('postgresql.service', 'RestrictAddressFamilies')).toEqual([
      'RestrictAddressFamilies=AF_UNIX',
    ]);
    // NET-02: what nobody reaches by TCP has a loopback of its own.
    for (const id of ['postgresql', 'openbao', 'ollama', 'provisioner'])
      expect(lines(`${id}.service`, 'PrivateNetwork')).toEqual(['PrivateNetwork=yes']);
  });

  it('give the one capability for low ports to the server, and none to the others', () => {
    expect(lines('server.service', 'CapabilityBoundingSet')).toEqual([
      'CapabilityBoundingSet=CAP_NET_BIND_SERVICE',
    ]);
    expect(lines('ollama.service', 'CapabilityBoundingSet')).toEqual(['CapabilityBoundingSet=']);
    const high = { ...fakeSpecs.server, network: { listens: [8443], reach: 'any' as const } };
    const text = renderUnits({ ...fakePlan, specs: [high] }).units.get(
      'casemate-default-server.service',
    );
    expect(text).toContain('CapabilityBoundingSet=\n');
  });

  it('let an instance in a home or a temporary directory see itself', () => {
    const spec = { ...fakeSpecs.postgresql, writableDirs: ['/home/x/data', '/tmp/y'] };
    const text = renderUnits({ ...fakePlan, specs: [spec] }).units.get(
      'casemate-default-postgresql.service',
    );
    expect(text).toContain('ProtectHome=read-only\nPrivateTmp=no\n');
    expect(unit('postgresql.service')).toContain('ProtectHome=yes\nPrivateTmp=yes\n');
  });

  it('deliver a sealed seal key as a credential that only the key service gets', () => {
    const seal = { kind: 'credential', file: '/etc/casemate/seal.cred', encrypted: true } as const;
    const rendered = renderUnits({ ...fakePlan, seal }).units;
    expect(rendered.get('casemate-default-openbao.service')).toContain(
      'LoadCredentialEncrypted=seal.key:/etc/casemate/seal.cred\n',
    );
    expect(rendered.get('casemate-default-server.service')).not.toContain('LoadCredential');
    expect(sealCredentialPath('default')).toBe(
      '/run/credentials/casemate-default-openbao.service/seal.key',
    );
  });

  it('fetch a fresh secret-id before each start, and when it is asked for', () => {
    expect(lines('server.service', 'ExecStartPre')).toEqual([
      'ExecStartPre=+/bin/true /opt/casemate/main.ts issue-credential server --instance default',
    ]);
    expect(lines('postgresql.service', 'ExecStartPre')).toEqual([]);
    expect(unit('secret-id-server.path')).toContain(
      'PathExists=/run/casemate/default/server/secret-id-request',
    );
    expect(enable).not.toContain('casemate-default-secret-id-server.service');
    expect(enable).toContain('casemate-default-secret-id-server.path');
  });

  it('rotate the audit files of the key service, which stops when none can be written', () => {
    expect(enable).toContain('casemate-default-audit-logs.timer');
    expect(unit('audit-logs.timer')).toContain('OnUnitActiveSec=2min');
    expect(unit('audit-logs.service')).toContain('rotate-audit-logs --instance default');
    expect(unit('audit-logs.service')).toContain('CAP_KILL');
    expect(unit('certificate.service')).not.toContain('CAP_KILL');
  });

  it('make the directories of the sockets anew at each start of the host', () => {
    expect(temporaryFiles.content).toBe('d /run/casemate/default 0710 0 999 -\n');
  });
});

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const withSystemd = systemd ? describe : describe.skip;

/** The worst score that `systemd-analyze security` may give (0 is closed, 10 open), times ten. */
const thresholds = { postgresql: 10, openbao: 15, ollama: 20, provisioner: 10, server: 25 };

withSystemd(
  `DEP-01: systemd itself${systemd ? '' : ' (untested: no systemd-analyze here)'}`,
  () => {
    const root = mkdtempSync(path.join(tmpdir(), 'casemate-units-'));
    const dir = path.join(root, 'system');
    const analyze = (...args: string[]) => {
      const env = { ...process.env, SYSTEMD_UNIT_PATH: `${dir}:` };
      const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { cwd: dir, env });
      return { status, text: `${String(stdout)}${String(stderr)}` };
    };
    beforeAll(() => {
      mkdirSync(dir);
      // Accounts of the real ones are not on every host that runs the tests.
      for (const [name, text] of units) {
        const known = text
          .replace(/^User=.*$/m, 'User=daemon')
          .replace(/^Group=.*$/m, 'Group=daemon');
        writeFileSync(path.join(dir, name), known);
      }
    });
    afterAll(() => rmSync(root, { recursive: true }));

    it('refuses a unit that is broken, so that its silence means something', () => {
      const broken = unit('server.service').replace('ProtectSystem=strict', 'ProtectSystm=strict');
      writeFileSync(path.join(dir, 'broken.service'), broken);
      const { text } = analyze('verify', '--man=no', './broken.service');
      rmSync(path.join(dir, 'broken.service'));
      expect(text).toMatch(/ProtectSystm/);
    });

    it('finds nothing to say against any unit', () => {
      const names = [...units.keys()].map((name) => `./${name}`);
      const { status, text } = analyze('verify', '--man=no', ...names);
      const ours = text.split('\n').filter((line) => line.includes('casemate'));
      expect(ours).toEqual([]);
      expect(status).toBe(0);
    });

    it.each(Object.entries(thresholds))('rates %s at most %i tenths', (id, threshold) => {
      const file = `casemate-default-${id}.service`;
      const score = ['security', '--offline=true', '--no-pager', `--threshold=${threshold}`, file];
      const { status, text } = analyze(...score);
      expect(text.split('\n').filter((line) => line.includes('→'))).toHaveLength(1);
      expect({
        status,
        text: text.split('\n').filter((line) => line.startsWith('✗')),
      }).toMatchObject({ status: 0 });
    });
  },
);
