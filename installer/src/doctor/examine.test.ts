import { describe, expect, it } from '@jest/globals';
import { fakeHost } from '../preflight/fake-host.ts';
import type { DoctorStatus } from './doctor-check.ts';
import { doctorTable } from './doctor-table.ts';
import { examine } from './examine.ts';
import { fakeFile, fakePaths, fakePatient, fakeSecret, fakeSql, goodRows } from './fake-patient.ts';
import type { Patient, ProcessFact } from './patient.ts';

type Case = [
  name: string,
  patient: Patient,
  expected: { id: string; status: DoctorStatus; mend: RegExp },
];

const rootLayout = { ...fakePatient().layout, asRoot: true };
const answer = (status: number, body: unknown = null) => ({ status, location: null, body });
const away = new Error('connect ECONNREFUSED');
const rows = (more: Record<string, string>) =>
  fakePatient({ sql: fakeSql({ ...goodRows, ...more }) });
const configured = `current_key = "file://${fakePaths.sealKeyFile}"`;
const vaultConfig = { [fakePaths.vaultConfigFile]: configured };
const hostWith = (more: Parameters<typeof fakeHost>[0]) =>
  fakePatient({ host: fakeHost({ ...more, files: { ...vaultConfig, ...more?.files } }) });
const space = (freeBytes: number, totalBytes = 2e12) =>
  hostWith({
    space: () => Promise.resolve({ freeBytes, totalBytes, freeInodes: 5e6, totalInodes: 6e6 }),
  });
const files = (path: string, mode: number) =>
  fakePatient({ listFiles: () => Promise.resolve([fakeFile(path, { mode })]) });
const sealKey = (more: object | null) =>
  fakePatient({ findFile: (file) => Promise.resolve(more && fakeFile(file, more)) });
const left: ProcessFact = {
  pid: 77,
  parent: 1,
  name: 'postgres',
  text: `postgres -D ${fakePaths.databaseDir}`,
  sockets: new Set(['4711']),
};
const listening = (address: string, port: string) =>
  `sl\n 0: ${address}:${port} 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n`;
const plainDisk = { '/proc/self/mountinfo': '22 1 8:2 / / rw - ext4 /dev/sda2 rw\n' };

const cases: Case[] = [
  [
    'SEC-03: a secret that is overdue',
    fakePatient({
      listSecrets: () => Promise.resolve([fakeSecret('signing-keys', { state: 'overdue' })]),
    }),
    { id: 'secret-ages', status: 'warn', mend: /casemate rotation run/ },
  ],
  [
    'SEC-03: a seal key that is not the one that was noted',
    fakePatient({ madeAt: () => Promise.resolve(new Date('2020-01-01')) }),
    { id: 'seal-key-age', status: 'warn', mend: /run seal-key/ },
  ],
  [
    'SEC-03: a rotation of the seal key that was interrupted',
    fakePatient({ findFile: (file) => Promise.resolve(fakeFile(file)) }),
    { id: 'seal-key-age', status: 'warn', mend: /ends what was begun/ },
  ],
  [
    "the authority's key on the disk",
    fakePatient({ findFile: (file) => Promise.resolve(fakeFile(file)) }),
    { id: 'authority-key', status: 'warn', mend: /casemate install/ },
  ],
  [
    'a component that is down',
    fakePatient({
      listComponents: () =>
        Promise.resolve([
          {
            id: 'server',
            state: 'stopped',
            pid: null,
            restarts: 0,
            since: '',
            ready: false,
            spec: null,
          },
        ]),
    }),
    { id: 'component-server', status: 'fail', mend: /casemate up/ },
  ],
  [
    'a component that does not become ready',
    fakePatient({
      listComponents: () =>
        Promise.resolve([
          {
            id: 'ollama',
            state: 'waiting',
            pid: null,
            restarts: 9,
            since: '',
            ready: false,
            spec: null,
          },
        ]),
    }),
    { id: 'component-ollama', status: 'fail', mend: /casemate logs ollama/ },
  ],
  [
    'a key service that is away',
    fakePatient({ answers: { '/v1/sys/health': away } }),
    { id: 'key-service', status: 'fail', mend: /casemate up/ },
  ],
  [
    'a sealed key service',
    fakePatient({
      answers: { '/v1/sys/health': answer(503, { initialized: true, sealed: true }) },
    }),
    { id: 'key-service', status: 'fail', mend: /seal key back/ },
  ],
  [
    'a key service that is not initialised',
    fakePatient({ answers: { '/v1/sys/health': answer(501, { initialized: false }) } }),
    { id: 'key-service', status: 'fail', mend: /backup/ },
  ],
  [
    'a seal that is not configured',
    fakePatient({ host: fakeHost() }),
    { id: 'seal', status: 'fail', mend: /install/ },
  ],
  [
    'a seal key that others read',
    sealKey({ mode: 0o440 }),
    { id: 'seal-key', status: 'fail', mend: /chmod 0400/ },
  ],
  [
    'a seal key that is lost',
    sealKey(null),
    { id: 'seal-key', status: 'fail', mend: /from where you keep it/ },
  ],
  [
    'a seal key that is cut short',
    sealKey({ bytes: 3 }),
    { id: 'seal-key', status: 'fail', mend: /32 bytes/ },
  ],
  [
    'a seal key beside the data',
    fakePatient({ findFile: () => Promise.resolve(fakeFile('/srv/casemate/data/seal.key')) }),
    { id: 'seal-key', status: 'fail', mend: /--seal-dir/ },
  ],
  [
    'a database without fsync',
    rows({ pg_settings: goodRows['pg_settings']!.replace('fsync=on', 'fsync=off') }),
    { id: 'database-settings', status: 'fail', mend: /postgresql\.auto\.conf/ },
  ],
  [
    'a database that listens',
    rows({
      pg_settings: goodRows['pg_settings']!.replace('listen_addresses=', 'listen_addresses=*'),
    }),
    { id: 'database-settings', status: 'fail', mend: /restart postgresql/ },
  ],
  [
    'a database without checksums',
    rows({
      pg_settings: goodRows['pg_settings']!.replace('data_checksums=on', 'data_checksums=off'),
    }),
    { id: 'database-settings', status: 'fail', mend: /pg_checksums/ },
  ],
  [
    'a database that is away',
    fakePatient({ sql: () => Promise.reject(away) }),
    { id: 'database-settings', status: 'fail', mend: /casemate up/ },
  ],
  [
    'a role above row-level security',
    rows({ pg_roles: 'casemate_server' }),
    { id: 'database-roles', status: 'fail', mend: /nobypassrls/ },
  ],
  [
    'pending migrations',
    fakePatient({ getPendingMigrations: () => Promise.resolve({ control: ['0009'], tenants: 3 }) }),
    { id: 'migrations', status: 'fail', mend: /install/ },
  ],
  [
    'migrations that nobody could ask for',
    fakePatient({ getPendingMigrations: () => Promise.reject(away) }),
    { id: 'migrations', status: 'unknown', mend: /first/ },
  ],
  [
    'a missing model',
    fakePatient({ answers: { '/api/tags': answer(200, { models: [] }) } }),
    { id: 'models', status: 'fail', mend: /install/ },
  ],
  [
    'a server that is not ready',
    fakePatient({ answers: { '/health/ready': answer(503) } }),
    { id: 'server', status: 'fail', mend: /logs server/ },
  ],
  [
    'a server behind a certificate that does not hold',
    fakePatient({
      answers: { '/health/ready': Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO' }) },
    }),
    { id: 'server', status: 'fail', mend: /certificate renew/ },
  ],
  [
    'HTTP that is served',
    fakePatient({ answers: { '/': answer(200) } }),
    { id: 'http-redirect', status: 'fail', mend: /restart server/ },
  ],
  [
    'no certificate',
    fakePatient(),
    { id: 'certificate', status: 'fail', mend: /certificate renew/ },
  ],
  [
    'another version on the disk',
    fakePatient({ casemateVersion: '2.0.0' }),
    { id: 'versions', status: 'warn', mend: /install/ },
  ],
  [
    'another version in memory',
    rows({ server_version: '18.5' }),
    { id: 'running-versions', status: 'fail', mend: /restart/ },
  ],
  [
    'a secret that others read',
    files('/srv/casemate/config/credentials/issuer.json', 0o640),
    { id: 'secret-files', status: 'fail', mend: /chmod go=/ },
  ],
  [
    'a file that everybody can change',
    files('/srv/casemate/config/instance.json', 0o646),
    { id: 'secret-files', status: 'fail', mend: /chmod go=/ },
  ],
  [
    'a model server that is open to others',
    hostWith({ files: { '/proc/net/tcp': listening('00000000', '2CEC') } }),
    { id: 'outside-ports', status: 'fail', mend: /firewall/ },
  ],
  [
    'a model server that every local user can call',
    fakePatient({ answers: { '/api/ps': { status: 200, location: null, body: {} } } }),
    { id: 'model-server-port', status: 'warn', mend: /network namespaces/ },
  ],
  [
    'service accounts that get out past the rules',
    fakePatient({ layout: rootLayout, tryWayOut: () => Promise.resolve('open' as const) }),
    { id: 'way-out', status: 'fail', mend: /egress close/ },
  ],
  [
    'rules of the way out that are gone',
    fakePatient({ layout: rootLayout, tryWayOut: () => Promise.resolve('absent' as const) }),
    { id: 'way-out', status: 'warn', mend: /nftables/ },
  ],
  [
    'a host without a way out to try',
    fakePatient({ layout: rootLayout, tryWayOut: () => Promise.resolve('unrouted' as const) }),
    { id: 'way-out', status: 'unknown', mend: /again/ },
  ],
  [
    'a database that is open to others',
    fakePatient({
      listProcesses: () => Promise.resolve([left]),
      host: fakeHost({ files: { ...vaultConfig, '/proc/net/tcp': listening('070200C0', '1538') } }),
    }),
    { id: 'outside-ports', status: 'fail', mend: /firewall/ },
  ],
  [
    'a process that nobody watches',
    fakePatient({ listProcesses: () => Promise.resolve([left]) }),
    { id: 'leaked-processes', status: 'warn', mend: /kill 77/ },
  ],
  ['a disk that is nearly full', space(3e9), { id: 'disk-space', status: 'warn', mend: /enlarge/ }],
  ['a full disk', space(3e8), { id: 'disk-space', status: 'fail', mend: /enlarge/ }],
  [
    'a plain disk',
    hostWith({ files: plainDisk }),
    { id: 'storage-encryption', status: 'fail', mend: /luksFormat/ },
  ],
  [
    'a disk of the logs that is nearly full',
    space(1e9, 2e10),
    { id: 'log-space', status: 'warn', mend: /no key out/ },
  ],
  ['a full disk of the logs', space(1e8), { id: 'log-space', status: 'fail', mend: /no key out/ }],
  [
    'a directory that is missing',
    fakePatient({ findFile: () => Promise.resolve(null) }),
    { id: 'directories', status: 'fail', mend: /casemate install/ },
  ],
  [
    'what a killed program left',
    fakePatient({ listLeftovers: () => Promise.resolve([{ path: '/run/x', why: 'gone' }]) }),
    { id: 'leftovers', status: 'warn', mend: /rm \/run\/x/ },
  ],
  [
    'large logs',
    fakePatient({ listFiles: () => Promise.resolve([fakeFile('/x', { bytes: 3e9 })]) }),
    { id: 'log-size', status: 'warn', mend: /audit/ },
  ],
  [
    'a clock that runs free',
    hostWith({ programs: { timedatectl: { code: 0, stdout: 'no\n' } } }),
    { id: 'clock-synchronisation', status: 'warn', mend: /set-ntp/ },
  ],
];

describe('DEP-08: doctor', () => {
  it.each(cases)('DEP-08: finds %s and says how to mend it', async (_case, patient, expected) => {
    const { checks } = await examine(patient);
    const found = checks.find(({ id }) => id === expected.id);
    expect(found).toMatchObject({
      status: expected.status,
      mend: expect.stringMatching(expected.mend),
    });
  });

  it('ENC-10: shows a site without encryption as failing, though it was installed so', async () => {
    const patient = hostWith({ files: plainDisk });
    const settings = { ...patient.settings, storageEncryption: 'without' as const };
    const { checks } = await examine({ ...patient, settings });
    expect(checks.find(({ id }) => id === 'storage-encryption')?.status).toBe('fail');
  });

  it('finds nothing but the missing certificate and the open way out in the fake instance', async () => {
    const { checks } = await examine(fakePatient());
    // An ordinary user's, whose way out can't be closed.
    expect(checks.filter(({ status }) => status !== 'ok').map(({ id }) => id)).toEqual([
      'certificate',
      'way-out',
    ]);
  });

  it('leaves children of a watched process alone', async () => {
    const child = { ...left, pid: 78, parent: 42 };
    const patient = fakePatient({ listProcesses: () => Promise.resolve([child]) });
    const { checks } = await examine(patient);
    expect(checks.find(({ id }) => id === 'leaked-processes')?.status).toBe('ok');
  });

  it('DEP-08: answers, even when everything is away', async () => {
    const no = () => Promise.reject(new Error('away'));
    const patient = fakePatient({
      listComponents: no,
      sql: no,
      get: no,
      getPendingMigrations: no,
      listFiles: no,
      findFile: no,
      listLeftovers: no,
      listProcesses: no,
    });
    const report = await examine(patient);
    expect(report.summary.ok).toBeLessThan(report.checks.length / 2);
    expect(doctorTable(report)).toMatch(/Something is to be mended/);
  });
});
