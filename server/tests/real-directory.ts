import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Attribute, Change, Client } from 'ldapts';
import { freePort } from '../../installer/src/host/free-port.ts';
import { bringSlapd, type Slapd } from './bring-slapd.ts';
import { partsInfo } from './parts-info.ts';

export const BASE = 'dc=house,dc=example';
export const PEOPLE = `ou=people,${BASE}`;
export const GROUPS = `ou=groups,${BASE}`;
export const SEEKER = `cn=seeker,${BASE}`;
const ROOT = `cn=root,${BASE}`;

type Attributes = Record<string, string | readonly string[]>;

/** A real slapd on this host, with TLS, memberOf and a password policy. */
export type RealDirectory = {
  /** LDAPS, and LDAP that offers StartTLS. */
  readonly port: number;
  readonly clearPort: number;
  readonly passwordOfSeeker: string;
  add(dn: string, attributes: Attributes): Promise<void>;
  /** Replaces values; none take the attribute away. */
  change(dn: string, attributes: Attributes): Promise<void>;
  remove(dn: string): Promise<void>;
  /** Somebody with this login, in the groups named; returns their address. */
  person(login: string, more?: Attributes): Promise<string>;
  group(name: string, members: readonly string[]): Promise<void>;
  /** Takes it away and brings it back as it was. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
};

/** Or what is missing on this host. */
export async function startRealDirectory(): Promise<RealDirectory | { missing: string }> {
  const slapd = bringSlapd();
  if ('missing' in slapd) return slapd;
  const dir = mkdtempSync(path.join(tmpdir(), 'cml-'));
  mkdirSync(path.join(dir, 'data'));
  const secrets = { root: 'root-of-this-test', seeker: 'seeker of this test' };
  writeFileSync(path.join(dir, 'slapd.conf'), configuration(slapd, dir, secrets.root));
  const [port, clearPort] = [await freePort(), await freePort()];
  const start = (): Promise<ChildProcess> => startSlapd(slapd, { dir, port, clearPort });
  let child = await start();
  const asRoot = async (work: (client: Client) => Promise<void>): Promise<void> => {
    const client = new Client({ url: `ldap://127.0.0.1:${clearPort}`, timeout: 5_000 });
    try {
      await client.bind(ROOT, secrets.root);
      await work(client);
    } finally {
      await client.unbind();
    }
  };
  const add = (dn: string, attributes: Attributes): Promise<void> =>
    asRoot((client) => client.add(dn, writable(attributes)));
  const down = async (): Promise<void> => {
    child.kill('SIGTERM');
    while (child.exitCode === null && child.signalCode === null) await pause(20);
  };
  await fill(add, secrets.seeker);
  return {
    ...{ port, clearPort, passwordOfSeeker: secrets.seeker, add, down },
    change: (dn, attributes) =>
      asRoot((client) =>
        client.modify(
          dn,
          Object.entries(attributes).map(
            ([type, values]) =>
              new Change({
                operation: 'replace',
                modification: new Attribute({ type, values: [values].flat() }),
              }),
          ),
        ),
      ),
    remove: (dn) => asRoot((client) => client.del(dn)),
    person: async (login, more = {}) => {
      const mail = `${login}@house.example`;
      await add(`uid=${login},${PEOPLE}`, {
        ...{ objectClass: ['inetOrgPerson'], uid: login, cn: login, sn: login, mail },
        ...{ displayName: `Ada ${login}`, userPassword: passwordOf(login), ...more },
      });
      return mail;
    },
    group: (name, members) =>
      add(`cn=${name},${GROUPS}`, {
        objectClass: ['groupOfNames'],
        cn: name,
        member: members.map((login) => `uid=${login},${PEOPLE}`),
      }),
    up: async () => {
      child = await start();
    },
    stop: async () => {
      await down();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function writable(attributes: Attributes): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [name, [values].flat()]),
  );
}

/** Of somebody whom `person` made. */
export function passwordOf(login: string): string {
  return `The word of ${login}!`;
}

function configuration({ modules, schema }: Slapd, dir: string, rootPassword: string): string {
  const { certFile, keyFile, caFile } = partsInfo();
  const included = ['core', 'cosine', 'nis', 'inetorgperson'];
  return `
${included.map((name) => `include ${schema}/${name}.schema`).join('\n')}
modulepath ${modules}
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${dir}/slapd.pid
TLSCACertificateFile ${caFile}
TLSCertificateFile ${certFile}
TLSCertificateKeyFile ${keyFile}
TLSVerifyClient never
database mdb
suffix "${BASE}"
rootdn "${ROOT}"
rootpw ${rootPassword}
directory ${dir}/data
maxsize 33554432
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${SEEKER}" read by self read by * none
overlay memberof
memberof-group-oc groupOfNames
memberof-refint TRUE
overlay ppolicy
ppolicy_default "cn=policy,${BASE}"
`.trimStart();
}

async function fill(
  add: (dn: string, attributes: Attributes) => Promise<void>,
  seeker: string,
): Promise<void> {
  await add(BASE, { objectClass: ['domain'], dc: 'house' });
  for (const [dn, ou] of [
    [PEOPLE, 'people'],
    [GROUPS, 'groups'],
  ] as const)
    await add(dn, { objectClass: ['organizationalUnit'], ou });
  await add(`cn=policy,${BASE}`, {
    objectClass: ['pwdPolicy', 'device'],
    ...{ cn: 'policy', pwdAttribute: 'userPassword', pwdLockout: 'FALSE', pwdMustChange: 'TRUE' },
  });
  await add(SEEKER, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    ...{ cn: 'seeker', userPassword: seeker },
  });
}

type Place = { dir: string; port: number; clearPort: number };

async function startSlapd(slapd: Slapd, { dir, port, clearPort }: Place): Promise<ChildProcess> {
  const urls = `ldaps://127.0.0.1:${port} ldaps://127.0.0.2:${port} ldap://127.0.0.1:${clearPort}`;
  const child = spawn(slapd.program, ['-f', path.join(dir, 'slapd.conf'), '-h', urls, '-d', '0'], {
    env: { ...process.env, LD_LIBRARY_PATH: slapd.libraries },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 250; tries += 1) {
    if (await answers(clearPort)) return child;
    if (child.exitCode !== null) break;
    await pause(20);
  }
  throw new Error(`slapd did not start: ${said}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
}
