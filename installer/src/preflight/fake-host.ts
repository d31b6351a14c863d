import type { Host, ProgramOutcome } from './host.ts';
import type { CheckContext, PreflightRequest } from './preflight-request.ts';

type Faked = Partial<Omit<Host, 'run' | 'readText' | 'exists' | 'list' | 'resolve'>> & {
  files?: Record<string, string>;
  /** Directories and what they hold; their presence makes them exist. */
  dirs?: Record<string, string[]>;
  programs?: Record<string, ProgramOutcome>;
  names?: Record<string, string[]>;
};

const soon = <T>(value: T): Promise<T> => Promise.resolve(value);
const goodFlags = 'flags\t\t: fpu avx avx2 bmi1 bmi2 f16c fma movbe abm';

/** For tests: a good host with 8 cores and 32 GiB on LUKS, but for what is given. */
export function fakeHost(faked: Faked = {}): Host {
  const { files = {}, dirs = {}, programs = {}, names = {}, ...rest } = faked;
  const texts = new Map(Object.entries({ ...goodFiles, ...files }));
  const folders = new Map(
    Object.entries({ '/': [], '/sys/class/block/dm-0/slaves': ['sda2'], ...dirs }),
  );
  const answers = new Map(Object.entries({ ...goodPrograms, ...programs }));
  return {
    architecture: 'x64',
    uid: 1000,
    kernel: '6.1.0-18-amd64',
    glibc: '2.36',
    cores: 8,
    now: () => new Date('2027-01-01T00:00:00Z'),
    addresses: () => ['127.0.0.1', '192.0.2.7'],
    readText: (file) => soon(texts.get(file) ?? null),
    list: (dir) => soon(folders.get(dir) ?? []),
    realPath: (file) => soon(file === '/dev/mapper/root' ? '/dev/dm-0' : file),
    exists: (file) => soon(texts.has(file) || folders.has(file)),
    writable: () => soon(true),
    space: () =>
      soon({
        freeBytes: 2 ** 40,
        totalBytes: 2 ** 41,
        freeInodes: 5_000_000,
        totalInodes: 6_000_000,
      }),
    run: (program) => soon(answers.get(program) ?? null),
    tryListening: () => soon(null),
    resolve: (name) => soon(new Map(Object.entries({ ...goodNames, ...names })).get(name) ?? []),
    findSocketOwner: () => soon(null),
    measureWriting: () => soon({ mebibytesPerSecond: 800, syncMilliseconds: 0.4 }),
    ...rest,
  };
}

const goodNames = { 'casemate.example': ['192.0.2.7'] };
const goodPrograms = {
  timedatectl: { code: 0, stdout: 'yes\n' },
  unshare: { code: 0, stdout: '' },
  dmsetup: { code: 0, stdout: `0 9 crypt aes-xts-plain64 :64:logon:cryptsetup:x 0 8:2 32768` },
};
const goodFiles = {
  '/proc/cpuinfo': `model name\t: Test processor\n${goodFlags}\n`,
  '/proc/meminfo': 'MemTotal: 33554432 kB\nMemAvailable:   31457280 kB\n',
  '/proc/self/mountinfo': '22 1 253:0 / / rw,relatime - ext4 /dev/mapper/root rw\n',
  '/proc/self/status': 'Name:\ttest\nUmask:\t0022\n',
  '/proc/self/limits':
    'Max open files            1024                 524288               files\n',
  '/sys/class/block/dm-0/dm/uuid': 'CRYPT-LUKS2-0123-root\n',
};

export const goodRequest: PreflightRequest = {
  directories: {
    data: '/var/lib/casemate/default',
    cache: '/var/cache/casemate',
    programs: '/opt/casemate',
  },
  hostName: 'casemate.example',
  bindAddress: '0.0.0.0',
  ports: [443, 80],
  instanceFile: '/etc/casemate/default/instance.json',
  supervisorFile: '/run/casemate/default/supervisor/supervisor.json',
  storageEncryption: 'unstated',
};

/** For tests: what a check is given. */
export function fakeContext(
  faked: Faked = {},
  asked: Partial<PreflightRequest> = {},
): CheckContext {
  return { host: fakeHost(faked), request: { ...goodRequest, ...asked } };
}
