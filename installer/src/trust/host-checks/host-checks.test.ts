import { describe, expect, it } from '@jest/globals';
import { fakeFile, fakePatient, fakePaths } from '../../doctor/fake-patient.ts';
import type { Patient, ProcessFact } from '../../doctor/patient.ts';
import { fakeHost } from '../../preflight/fake-host.ts';
import { runHostChecks } from '../host-check.ts';
import { listeningSockets } from './listening-sockets.ts';
import { processAccounts } from './process-accounts.ts';
import { secretFiles } from './secret-files.ts';
import { storageEncryption } from './storage.ts';

const ids = ['postgresql', 'openbao', 'ollama', 'provisioner', 'server'];
const pidOf = (id: string): number => 100 + ids.indexOf(id);
const process = (id: string, sockets: string[] = []): ProcessFact => ({
  pid: pidOf(id),
  parent: 1,
  name: id,
  text: '',
  sockets: new Set(sockets),
});
/** A line of /proc/net/tcp: 0A is LISTEN. */
const listen = (hex: string, port: number, inode: string): string =>
  `   0: ${hex}:${port.toString(16).padStart(4, '0')} 00000000:0000 0A 0 0 0 0 0 ${inode}`;
const table = (...lines: string[]): string => ['head', ...lines].join('\n');
const LOOPBACK = '0100007F';
const ANY = '00000000';

type World = { tables?: Record<string, string>; statuses?: Record<string, string>; root?: boolean };

const calm =
  'Name:\tx\nUid:\t#\t#\t#\t#\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n';

function patientIn(
  { tables = {}, statuses = {}, root = true }: World,
  more: Partial<Patient> = {},
) {
  const files: Record<string, string> = {};
  for (const id of ids) {
    const own = id === 'server' ? table(listen(ANY, 8443, 's1')) : table();
    files[`/proc/${pidOf(id)}/net/tcp`] = tables[id] ?? own;
    files[`/proc/${pidOf(id)}/status`] = statuses[id] ?? calm.replaceAll('#', String(pidOf(id)));
  }
  const plain = fakePatient();
  return fakePatient({
    layout: { ...plain.layout, asRoot: root },
    host: fakeHost({ files, dirs: { '/run/systemd/system': [] } }),
    listComponents: () =>
      Promise.resolve(
        ids.map((id) => ({
          id,
          state: 'ready',
          pid: pidOf(id),
          restarts: 0,
          since: '',
          ready: true,
        })),
      ),
    listProcesses: () =>
      Promise.resolve([
        ...ids.filter((id) => id !== 'server').map((id) => process(id, ['a1', 'a2'])),
        process('server', ['s1']),
      ]),
    ...more,
  });
}

describe('NET-02: what the inner components listen on', () => {
  it.each([
    ['the database on every address', 'postgresql', ANY],
    ['the key service on an address of the network', 'openbao', '070200C0'],
    ['the model server, in a namespace of its own', 'ollama', ANY],
  ])('NET-02: fails with %s', async (_what, id, address) => {
    const tables = { [id]: table(listen(address, 5432, 'a1')) };
    const found = await listeningSockets.run(patientIn({ tables }));
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.evidence).toContain(`${id} `);
  });
  it('NET-02: fails when it sees not even the port of the server', async () => {
    const blind = patientIn({ tables: { server: table() } });
    expect(await listeningSockets.run(blind)).toMatchObject({ status: 'fail' });
  });
  it('NET-02: fails when a component does not run', async () => {
    const gone = patientIn(
      {},
      { listProcesses: () => Promise.resolve([process('server', ['s1'])]) },
    );
    const [found] = await runHostChecks(gone, [listeningSockets], []);
    expect(found).toMatchObject({ status: 'fail', control: 'NET-02', host: 'listening-sockets' });
  });
  it('NET-02: holds with loopback and Unix sockets, and with what others listen on', async () => {
    const tables = { openbao: table(listen(LOOPBACK, 8201, 'a1'), listen(ANY, 22, 'sshd')) };
    expect(await listeningSockets.run(patientIn({ tables }))).toEqual({
      status: 'pass',
      evidence:
        'Listening: postgresql no port; openbao 127.0.0.1:8201; ollama no port; provisioner no port. All of it is loopback or a Unix socket.',
    });
  });
});

describe('DEP-01: the accounts of the processes', () => {
  const own = calm.replaceAll('#', '103');
  it.each([
    ['root', calm.replaceAll('#', '0')],
    ['a capability', own.replace('CapEff:\t0000000000000000', 'CapEff:\t0000000000000001')],
    ['a wide bounding set', own.replace('CapBnd:\t0000000000000000', 'CapBnd:\t000001ffffffffff')],
    ['a way to gain rights', own.replace('NoNewPrivs:\t1', 'NoNewPrivs:\t0')],
    ['no filter of system calls', own.replace('Seccomp:\t2', 'Seccomp:\t0')],
    ["another component's account", calm.replaceAll('#', '104')],
  ])('DEP-01: fails with %s', async (_what, provisioner) => {
    const found = await processAccounts.run(patientIn({ statuses: { provisioner } }));
    expect(found.status).toBe('fail');
  });
  it('DEP-01: proves nothing without the sandbox of systemd, and fails even then with root', async () => {
    expect((await processAccounts.run(patientIn({ root: false }))).status).toBe('not_applicable');
    const statuses = { server: calm.replaceAll('#', '0') };
    expect((await processAccounts.run(patientIn({ root: false, statuses }))).status).toBe('fail');
  });
  it('DEP-01: holds, with the one capability that opens low ports', async () => {
    const low = '0000000000000400';
    const server = calm.replaceAll('#', '104').replaceAll('0000000000000000', low);
    expect((await processAccounts.run(patientIn({ statuses: { server } }))).status).toBe('pass');
  });
});

describe('ENC-10: the storage', () => {
  const on = (dmsetup: string, files: Record<string, string> = {}) =>
    fakePatient({
      host: fakeHost({ files, programs: { dmsetup: { code: 0, stdout: dmsetup } } }),
    });
  it.each([
    ['AES-128', '0 9 crypt aes-xts-plain64 :32:logon:x 0 8:2 0'],
    ['a plain disk', '0 9 linear 8:2 0'],
  ])('ENC-10: does not hold on %s', async (_what, dmsetup) => {
    expect((await storageEncryption.run(on(dmsetup))).status).not.toBe('pass');
  });
  it('ENC-10: fails on AES-128', async () => {
    const found = await storageEncryption.run(on('0 9 crypt aes-xts-plain64 :32:logon:x 0 8:2 0'));
    expect(found.status).toBe('fail');
  });
  it("ENC-10: an operator's word alone proves nothing", async () => {
    const plain = fakePatient();
    const settings = { ...plain.settings, storageEncryption: 'confirmed' as const };
    const host = fakeHost({ files: { '/proc/self/mountinfo': '1 0 0:1 / / rw - overlay o rw' } });
    const found = await storageEncryption.run(fakePatient({ settings, host }));
    expect(found.status).toBe('not_applicable');
    expect(found.evidence).toContain('was not seen');
  });
  it('ENC-10: holds on AES-256', async () => {
    const found = await storageEncryption.run(on('0 9 crypt aes-xts-plain64 :64:logon:x 0 8:2 0'));
    expect(found).toMatchObject({ status: 'pass' });
  });
});

describe('SES-05: secrets in files', () => {
  const credential = (secretId: string): Record<string, string> => ({
    [fakePaths.credentialFile('issuer')]: JSON.stringify({ secretId }),
    [fakePaths.credentialFile('operator')]: JSON.stringify({ secretId }),
  });
  const long = '0123456789abcdef'.repeat(4);
  it.each([
    ['a credential of 128 bits', long.slice(32)],
    ['a credential that was not drawn', 'a'.repeat(64)],
    ['no credential', ''],
  ])('SES-05: fails with %s', async (_what, secretId) => {
    const host = fakeHost({ files: credential(secretId) });
    expect((await secretFiles.run(fakePatient({ host }))).status).toBe('fail');
  });
  it('SES-05: fails with a short seal key, and with one that others can read', async () => {
    const host = fakeHost({ files: credential(long) });
    for (const change of [{ bytes: 16 }, { mode: 0o444 }]) {
      const findFile = (file: string) => Promise.resolve(fakeFile(file, change));
      expect((await secretFiles.run(fakePatient({ host, findFile }))).status).toBe('fail');
    }
  });
  it('SES-05: holds with 256 bits in each', async () => {
    const host = fakeHost({ files: credential(long) });
    const paths = { ...fakePaths, sealKeyFile: '/elsewhere/seal.key' };
    expect((await secretFiles.run(fakePatient({ host, paths }))).status).toBe('pass');
  });
});
