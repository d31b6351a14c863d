import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fakeHost, goodRequest } from './fake-host.ts';
import { preflightTable } from './preflight-table.ts';
import { runPreflight } from './run-preflight.ts';

type Faked = NonNullable<Parameters<typeof fakeHost>[0]>;
type Asked = Partial<typeof goodRequest>;
type Expected = { id: string; status: 'warn' | 'fail'; mend: RegExp };

const disk = (over: object): Faked => ({
  space: async () => ({
    freeBytes: 2 ** 40,
    totalBytes: 2 ** 41,
    freeInodes: 5e6,
    totalInodes: 6e6,
    ...over,
  }),
});
const plainDisk = { '/proc/self/mountinfo': '22 1 8:2 / / rw - ext4 /dev/sda2 rw\n' };
const virtual = { '/proc/cpuinfo': 'flags : avx avx2 bmi1 bmi2 f16c fma movbe hypervisor\n' };
const mounted = (line: string): Faked => ({
  files: { '/proc/self/mountinfo': `22 1 8:2 / / ${line}\n` },
});
const refusing = (code: string): Faked => ({
  tryListening: async (_address, port) => (port === 443 ? code : null),
});
const listener = (port: string) =>
  `sl\n 0: 00000000:${port} 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n`;

const faults: [string, Faked, Expected & { asked?: Asked }][] = [
  [
    'an old processor',
    { files: { '/proc/cpuinfo': 'flags : fpu sse2\n' } },
    { id: 'processor', status: 'fail', mend: /'host'/ },
  ],
  [
    'an ARM processor',
    { architecture: 'arm64' },
    { id: 'processor', status: 'warn', mend: /test host/ },
  ],
  [
    'another processor',
    { architecture: 's390x' },
    { id: 'processor', status: 'fail', mend: /x86/ },
  ],
  [
    'SELinux that enforces',
    { files: { '/sys/fs/selinux/enforce': '1' } },
    { id: 'selinux', status: 'warn', mend: /bin_t '\/opt\/casemate.*ausearch.*Never turn it off/ },
  ],
  ['one core', { cores: 1 }, { id: 'cores', status: 'warn', mend: /two cores/ }],
  [
    'little memory',
    { files: { '/proc/meminfo': 'MemAvailable: 1048576 kB\n' } },
    { id: 'memory', status: 'fail', mend: /more memory/ },
  ],
  [
    'memory for a small model',
    { files: { '/proc/meminfo': 'MemAvailable: 5242880 kB\n' } },
    { id: 'memory', status: 'warn', mend: /12 GiB/ },
  ],
  [
    'no /proc',
    { files: { '/proc/meminfo': '' } },
    { id: 'memory', status: 'warn', mend: /Mount \/proc/ },
  ],
  [
    'a container with little memory',
    {
      files: { '/proc/self/cgroup': '0::/box\n', '/sys/fs/cgroup/box/memory.max': '1073741824\n' },
    },
    { id: 'memory', status: 'fail', mend: /container/ },
  ],
  [
    'a container with little processor',
    { files: { '/sys/fs/cgroup/cpu.max': '50000 100000\n' } },
    { id: 'container-limits', status: 'warn', mend: /CPUQuota/ },
  ],
  [
    'few processes allowed',
    { files: { '/sys/fs/cgroup/pids.max': '100\n' } },
    { id: 'container-limits', status: 'warn', mend: /TasksMax/ },
  ],
  [
    'a small disk',
    disk({ freeBytes: 5e9 }),
    { id: 'disk-space-data-cache-programs', status: 'fail', mend: /--data-dir/ },
  ],
  [
    'a disk that is soon full',
    disk({ freeBytes: 2e10 }),
    { id: 'disk-space-data-cache-programs', status: 'warn', mend: /Free some/ },
  ],
  [
    'a disk that does not answer',
    { space: async () => null },
    { id: 'inodes', status: 'warn', mend: /df -i/ },
  ],
  ['no inodes', disk({ freeInodes: 100 }), { id: 'inodes', status: 'fail', mend: /XFS/ }],
  [
    'inodes for 1,000 tenants',
    disk({ freeInodes: 150_000 }),
    { id: 'inodes', status: 'warn', mend: /1,000 tenants/ },
  ],
  [
    'a slow disk',
    { measureWriting: async () => ({ mebibytesPerSecond: 300, syncMilliseconds: 45 }) },
    { id: 'disk-speed', status: 'warn', mend: /SSD/ },
  ],
  [
    'a full disk',
    { measureWriting: async () => ({ error: 'ENOSPC' }) },
    { id: 'disk-speed', status: 'fail', mend: /Free some space/ },
  ],
  [
    'a read-only disk',
    { measureWriting: async () => ({ error: 'EROFS' }) },
    { id: 'disk-speed', status: 'fail', mend: /remount,rw/ },
  ],
  [
    'a read-only mount',
    mounted('ro,relatime - ext4 /dev/mapper/root rw'),
    { id: 'directory-data', status: 'fail', mend: /writable/ },
  ],
  [
    'a noexec mount',
    mounted('rw,noexec - ext4 /dev/mapper/root rw'),
    { id: 'directory-programs', status: 'fail', mend: /exec/ },
  ],
  [
    'a foreign directory',
    { writable: async () => false },
    { id: 'directory-data', status: 'fail', mend: /install -d/ },
  ],
  [
    'an open umask',
    { files: { '/proc/self/status': 'Umask:\t0002\n' } },
    { id: 'umask', status: 'warn', mend: /umask 022/ },
  ],
  [
    'a plain disk',
    { files: plainDisk },
    { id: 'storage-encryption', status: 'fail', mend: /luksFormat/ },
  ],
  [
    'a plain disk that was accepted',
    { files: plainDisk },
    {
      id: 'storage-encryption',
      status: 'warn',
      mend: /go on without/,
      asked: { storageEncryption: 'without' },
    },
  ],
  [
    'a virtual disk',
    { files: { ...plainDisk, ...virtual } },
    { id: 'storage-encryption', status: 'warn', mend: /Ask who runs/ },
  ],
  [
    'a network file system',
    mounted('rw - nfs4 box:/data rw'),
    { id: 'storage-encryption', status: 'warn', mend: /confirmed/ },
  ],
  [
    'AES-128',
    { programs: { dmsetup: { code: 0, stdout: '0 9 crypt aes-xts-plain64 :32:logon:x 0' } } },
    { id: 'storage-encryption', status: 'fail', mend: /key-size 512/ },
  ],
  [
    'ZFS without encryption',
    { ...mounted('rw - zfs tank/data rw'), programs: { zfs: { code: 0, stdout: 'off\n' } } },
    { id: 'storage-encryption', status: 'fail', mend: /aes-256-gcm/ },
  ],
  [
    'a port in use',
    {
      ...refusing('EADDRINUSE'),
      files: { '/proc/net/tcp': listener('01BB') },
      findSocketOwner: async (inode) => (inode === '4711' ? 'nginx (process 9)' : null),
    },
    { id: 'port-443', status: 'fail', mend: /sport = :443/ },
  ],
  [
    'a port for root only',
    refusing('EACCES'),
    { id: 'port-443', status: 'fail', mend: /ip_unprivileged_port_start=443/ },
  ],
  [
    'an address of another host',
    refusing('EADDRNOTAVAIL'),
    { id: 'port-443', status: 'fail', mend: /192\.0\.2\.7/ },
  ],
  [
    'a port that fails otherwise',
    refusing('EAFNOSUPPORT'),
    { id: 'port-443', status: 'fail', mend: /--https-port/ },
  ],
  [
    'a wrong name',
    {},
    { id: 'host-name', status: 'fail', mend: /without https/, asked: { hostName: 'a_b' } },
  ],
  [
    'localhost',
    {},
    { id: 'host-name', status: 'warn', mend: /--host-name/, asked: { hostName: 'localhost' } },
  ],
  [
    'a name that nobody knows',
    {},
    { id: 'host-name', status: 'warn', mend: /DNS/, asked: { hostName: 'x.example' } },
  ],
  [
    'a name of the loopback',
    { names: { 'casemate.example': ['127.0.1.1'] } },
    { id: 'host-name', status: 'warn', mend: /DNS/ },
  ],
  [
    'a name of another host',
    { names: { 'casemate.example': ['192.0.2.9'] } },
    { id: 'host-name', status: 'warn', mend: /DNS entry/ },
  ],
  [
    'a clock of the past',
    { now: () => new Date('2020-01-01') },
    { id: 'clock', status: 'fail', mend: /date -u -s/ },
  ],
  [
    'a clock that runs free',
    { programs: { timedatectl: { code: 0, stdout: 'no\n' } } },
    { id: 'clock-synchronisation', status: 'warn', mend: /set-ntp/ },
  ],
  [
    'a clock nobody speaks for',
    { programs: { timedatectl: { code: 1, stdout: '' } } },
    { id: 'clock-synchronisation', status: 'warn', mend: /confirm/ },
  ],
  [
    'chrony without a source',
    {
      programs: {
        timedatectl: { code: 1, stdout: '' },
        chronyc: { code: 0, stdout: '0,,0,Not synchronised\n' },
      },
    },
    { id: 'clock-synchronisation', status: 'warn', mend: /chrony/ },
  ],
  [
    'few open files',
    { files: { '/proc/self/limits': 'Max open files  512  512  files\n' } },
    { id: 'open-files', status: 'fail', mend: /limits\.conf/ },
  ],
  [
    'not quite enough open files',
    { files: { '/proc/self/limits': 'Max open files  1024  4096  files\n' } },
    { id: 'open-files', status: 'warn', mend: /65536/ },
  ],
  [
    'no user namespaces',
    { programs: { unshare: { code: 1, stdout: '' } } },
    { id: 'user-namespaces', status: 'warn', mend: /sysctl/ },
  ],
  [
    'a card without its driver',
    {
      dirs: { '/sys/class/drm': ['card0'] },
      files: { '/sys/class/drm/card0/device/vendor': '0x10de\n' },
    },
    { id: 'graphics', status: 'warn', mend: /driver/ },
  ],
  ['another C library', { glibc: null }, { id: 'system', status: 'fail', mend: /glibc/ }],
  ['an old kernel', { kernel: '3.10.0-1160' }, { id: 'system', status: 'fail', mend: /Upgrade/ }],
  ['root without useradd', { uid: 0 }, { id: 'account', status: 'fail', mend: /shadow-utils/ }],
  [
    'another database',
    { files: { '/proc/net/tcp': listener('1538') } },
    { id: 'other-services', status: 'warn', mend: /memory/ },
  ],
  [
    'leftovers',
    { dirs: { '/var/lib/casemate/default': ['postgresql'] } },
    { id: 'instance', status: 'warn', mend: /install again/ },
  ],
  [
    'data without its settings',
    {
      dirs: { '/var/lib/casemate/default': ['postgresql'] },
      files: { '/var/lib/casemate/default/postgresql/18/PG_VERSION': '18' },
    },
    { id: 'instance', status: 'fail', mend: /Restore the settings and the seal key/ },
  ],
  [
    'damaged settings',
    { files: { '/etc/casemate/default/instance.json': '{' } },
    { id: 'instance', status: 'fail', mend: /uninstall/ },
  ],
];

describe('preflight', () => {
  it.each(faults)('finds %s and says how to mend it', async (_case, faked, expected) => {
    const { checks } = await runPreflight({ ...goodRequest, ...expected.asked }, fakeHost(faked));
    const found = checks.find(({ id }) => id === expected.id);
    expect(found).toMatchObject({
      status: expected.status,
      mend: expect.stringMatching(expected.mend),
    });
  });

  it('has nothing to say against a good host', async () => {
    const { checks, summary } = await runPreflight(goodRequest, fakeHost());
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(summary).toEqual({ ok: checks.length, warn: 0, fail: 0 });
  });

  it('lets an instance keep its own ports', async () => {
    const files = { [goodRequest.supervisorFile]: '{}' };
    const host = fakeHost({ files, tryListening: async () => 'EADDRINUSE' });
    expect((await runPreflight(goodRequest, host)).summary.fail).toBe(0);
  });

  it('takes the word of the operator for encryption that nobody can see', async () => {
    const host = fakeHost({ files: plainDisk });
    const request = { ...goodRequest, storageEncryption: 'confirmed' } as const;
    const { checks } = await runPreflight(request, host);
    expect(checks.find(({ id }) => id === 'storage-encryption')?.status).toBe('ok');
  });

  it('names who holds a port, in a table that ends with the count', async () => {
    const report = await runPreflight(
      goodRequest,
      fakeHost(faults.find(([name]) => name === 'a port in use')?.[1]),
    );
    const table = preflightTable(report);
    expect(table).toContain('held by nginx (process 9)');
    expect(table).toMatch(/1 fault/);
  });

  it('changes nothing on the real host, and gives each fault there a mend', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'casemate-preflight-'));
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    const directories = { data: path.join(dir, 'data'), cache: dir, programs: dir };
    // Of an instance that isn't here: the default one may run on this host.
    const supervisorFile = path.join(dir, 'supervisor.json');
    const request = {
      ...goodRequest,
      supervisorFile,
      directories,
      bindAddress: '127.0.0.1',
      ports: [port],
    };
    const { checks } = await runPreflight(request);
    await new Promise((resolve) => blocker.close(resolve));
    expect(readdirSync(dir)).toEqual([]);
    rmSync(dir, { recursive: true });
    expect(checks.find(({ id }) => id === `port-${port}`)).toMatchObject({
      status: 'fail',
      found: expect.stringContaining(`process ${process.pid}`),
    });
    for (const { status, mend, found } of checks) {
      expect(found).not.toBe('');
      expect(mend === null).toBe(status === 'ok');
    }
  });
});
