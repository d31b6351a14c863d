import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { layoutFor } from '../../instance/layout.ts';
import { instancePaths } from '../../instance/paths.ts';
import { mendedTable } from '../doctor-table.ts';
import { examine } from '../examine.ts';
import { fakeFile, fakePatient, fakePaths } from '../fake-patient.ts';
import { listLeftovers } from '../list-leftovers.ts';
import type { Patient } from '../patient.ts';
import type { Hands } from './mend.ts';
import { setRights } from './real-hands.ts';
import { runMends } from './run-mends.ts';

/** Writes down what it is told to do. */
function fakeHands(broken?: string) {
  const done: string[] = [];
  const note = async (what: string): Promise<void> => {
    if (broken !== undefined && what.startsWith(broken)) throw new Error('the disk is read-only');
    done.push(what);
  };
  const hands: Hands = {
    setRights: (file, mode, owner) => note(`${mode.toString(8)} ${file} ${owner?.uid ?? '-'}`),
    ensureDirs: (dirs) => note(`dirs ${dirs.map(({ dir }) => dir).join()}`),
    remove: (file) => note(`rm ${file}`),
    start: (ids) => note(`start ${ids.join()}`),
    renewCertificate: () => note('renew').then(() => 'it ended'),
    rotateAuditLogs: () => note('rotate'),
    closeWayOut: () => note('close').then(() => null),
  };
  return { hands, done };
}

const stopped = (id: string) => ({
  ...{ id, state: 'stopped' as const, pid: null, restarts: 0, since: '', ready: false, spec: null },
});
const inside = path.join(fakePaths.credentialFile('issuer'));
const sick: Partial<Patient> = {
  listFiles: async () => [
    fakeFile(inside, { mode: 0o644 }),
    fakeFile('/l', { kind: 'link', mode: 0o777 }),
    // Everybody may read it, and nobody else write.
    fakeFile('/srv/casemate/config/instance.json', { mode: 0o666 }),
  ],
  listComponents: async () => [stopped('server'), stopped('provisioner')],
  listLeftovers: async () => [{ path: '/srv/casemate/run/x', why: 'nobody listens behind it' }],
  findFile: async (file) =>
    file === fakePaths.sealKeyFile ? fakeFile(file, { mode: 0o440 }) : null,
};

async function mend(
  patient: Patient,
  more: { wanted?: string[]; agreed?: boolean; broken?: string } = {},
) {
  const { hands, done } = fakeHands(more.broken);
  const mended = await runMends(patient, await examine(patient), {
    ...{ wanted: more.wanted ?? [], hands, agree: async () => more.agreed ?? true },
  });
  return { mended, done };
}

describe('DEP-08: doctor --mend', () => {
  it('DEP-08: does nothing that was not agreed to', async () => {
    const { mended, done } = await mend(fakePatient(sick), { agreed: false });
    expect(done).toEqual([]);
    expect(mended.length).toBeGreaterThan(3);
    expect(mendedTable(mended)).toMatch(/: declined/);
  });

  it('DEP-08: does nothing where nothing is wrong', async () => {
    const { done } = await mend(fakePatient(), {
      wanted: ['components', 'secret-files', 'seal-key'],
    });
    expect(done).toEqual([]);
  });

  it('DEP-08: mends what was named, and no more', async () => {
    const { done } = await mend(fakePatient(sick), { wanted: ['leftovers'] });
    expect(done).toEqual(['rm /srv/casemate/run/x']);
  });

  it('DEP-08: takes rights away, removes leftovers, and starts last', async () => {
    const { done } = await mend(fakePatient(sick));
    const rest = done.filter((what) => !what.startsWith('dirs'));
    expect(done[0]).toMatch(/^dirs /);
    expect(rest).toEqual([
      `600 ${inside} -`,
      '644 /srv/casemate/config/instance.json -',
      `400 ${fakePaths.sealKeyFile} -`,
      'rm /srv/casemate/run/x',
      'start server,provisioner',
      'renew',
    ]);
  });

  it('DEP-08: goes on when one fails, and says so', async () => {
    const { mended, done } = await mend(fakePatient(sick), { broken: 'start' });
    expect(done).toContain('renew');
    expect(mendedTable(mended)).toContain(
      'start server, provisioner: failed (the disk is read-only)',
    );
  });

  it('DEP-08: leaves a seal key that is cut short, and a way out that the operator opened', async () => {
    const cut = fakePatient({
      findFile: async (file) => fakeFile(file, { mode: 0o440, bytes: 3 }),
    });
    expect((await mend(cut, { wanted: ['seal-key'] })).done).toEqual([]);
    const base = fakePatient();
    const open = fakePatient({
      layout: { ...base.layout, asRoot: true },
      settings: { ...base.settings, egress: { open: true, peers: [] } },
    });
    expect((await mend(open, { wanted: ['way-out'] })).done).toEqual([]);
    const gone = fakePatient({
      layout: { ...base.layout, asRoot: true },
      tryWayOut: async () => 'absent' as const,
    });
    expect((await mend(gone, { wanted: ['way-out'] })).done).toEqual(['close']);
  });
});

describe('DEP-08: the hands of doctor on real files', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'cmm-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const mode = (file: string): number => lstatSync(file).mode & 0o777;

  it('DEP-08: refuse a link, and a second name of another file', async () => {
    const foreign = path.join(dir, 'passwd');
    writeFileSync(foreign, 'x', { mode: 0o644 });
    symlinkSync(foreign, path.join(dir, 'link'));
    await expect(setRights(path.join(dir, 'link'), 0o400)).rejects.toThrow();
    linkSync(foreign, path.join(dir, 'second'));
    await expect(setRights(path.join(dir, 'second'), 0o400)).rejects.toThrow('not what it was');
    expect(mode(foreign)).toBe(0o644);
  });

  it('DEP-08: set the rights of files and directories, and once more without a change', async () => {
    const file = path.join(dir, 'key');
    writeFileSync(file, 'x');
    chmodSync(file, 0o666);
    for (let turn = 0; turn < 2; turn += 1) {
      await setRights(file, 0o400);
      await setRights(dir, 0o700);
      expect([mode(file), mode(dir)]).toEqual([0o400, 0o700]);
    }
  });
});

describe('DEP-08: leftovers', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'cml-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('DEP-08: are not what lives, or is being written', async () => {
    const layout = layoutFor({
      dataDir: dir,
      sealDir: path.join(dir, 's'),
      asRoot: false,
      env: {},
    });
    const paths = instancePaths(layout);
    for (const file of [
      paths.controlSocket,
      paths.instanceFile,
      paths.commandDir,
      `${paths.databaseDir}/x`,
    ])
      mkdirSync(path.dirname(file), { recursive: true });
    mkdirSync(paths.commandDir, { recursive: true });
    const server = net.createServer().listen(paths.controlSocket);
    await once(server, 'listening');
    writeFileSync(`${paths.instanceFile}.0123456789ab.new`, 'half');
    writeFileSync(path.join(paths.commandDir, 'server-1'), 'fresh');
    expect(await listLeftovers(layout, new Date())).toEqual([]);

    // An hour later nobody writes any more; the pid in the database's file is another program's.
    const later = new Date(Date.now() + 2 * 3_600_000);
    writeFileSync(paths.supervisorFile, JSON.stringify({ pid: process.pid, startTicks: '1' }));
    writeFileSync(path.join(paths.databaseDir, 'postmaster.pid'), `${process.pid}\n`);
    const found = (await listLeftovers(layout, later)).map((one) => path.basename(one.path)).sort();
    expect(found).toEqual([
      'instance.json.0123456789ab.new',
      'postmaster.pid',
      'server-1',
      'supervisor.json',
    ]);
    server.close();
    await once(server, 'close');
    utimesSync(paths.supervisorFile, later, later);
    expect(statSync(paths.supervisorFile).isFile()).toBe(true);
  });
});
