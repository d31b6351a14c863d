import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLdapDesk, type LdapDesk } from '../../../../tests/ldap-desk.ts';
import {
  ber,
  BIND,
  bound,
  done,
  entry,
  extended,
  message,
  SEARCH,
  startLyingDirectory,
  text,
  type Attributes,
  type LyingDirectory,
} from '../../../../tests/lying-directory.ts';

const EMAIL = 'ada@house.example';
const DN = 'uid=ada,ou=people,dc=house,dc=example';
const ID = 'd3b07384-d9a0-4c9b-8f2e-1a2b3c4d5e6f';
const NEW = 'e3b07384-d9a0-4c9b-8f2e-1a2b3c4d5e6f';
const PERSON = { entryUUID: ID, mail: EMAIL, cn: 'Ada', memberOf: [] };
const PASSWORD = 'the right one, not to be heard in clear';

describe('a directory that lies', () => {
  let liar: LyingDirectory;
  let desk: LdapDesk;
  let connection: string;
  const signIn = (password = PASSWORD): Promise<number> =>
    desk.signIn(connection, EMAIL, password).then(({ status }) => status);
  /** Says yes to everybody who binds, and finds what is given. */
  const honest = (...found: [string, Attributes][]): void => {
    liar.answer = ({ id, tag }) => {
      if (tag === BIND) return bound(id);
      if (tag !== SEARCH) return null;
      return [...found.map(([dn, attributes]) => entry(id, dn, attributes)), done(id)];
    };
  };
  /** As it should, but for one answer. */
  const lies = (tag: number, answer: (id: number) => Buffer | Buffer[] | null, nth = 1): void => {
    let seen = 0;
    honest([DN, PERSON]);
    const right = liar.answer;
    liar.answer = (question, socket) => {
      if (question.tag === tag) seen += 1;
      return question.tag === tag && seen === nth ? answer(question.id) : right(question, socket);
    };
  };

  beforeAll(async () => {
    liar = await startLyingDirectory();
    desk = await startLdapDesk([liar.port, liar.clearPort], {
      CASEMATE_SIGN_IN_ATTEMPTS: 1_000,
      CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT: 10_000,
    });
    connection = await desk.connect({ port: liar.port });
  });
  afterAll(async () => {
    await desk.stop();
    await liar.stop();
  });
  beforeEach(() => {
    liar.heard.clear.length = 0;
    liar.heard.asked.length = 0;
    honest([DN, PERSON]);
  });

  const huge = 'x'.repeat(300_000);
  const many = Array.from({ length: 30_000 }, () => done(99));
  it.each<[string, number[], () => void]>([
    ['finds two', [401], () => honest([DN, PERSON], [`${DN},dc=b`, PERSON])],
    ['finds one that has no name', [401], () => honest(['', PERSON])],
    ['finds one whose name is bytes', [401], () => honest(['\u0001=\u0000', PERSON])],
    ['finds one that is called as a mechanism', [401], () => honest(['EXTERNAL', PERSON])],
    ['finds one without an id', [401], () => honest([DN, { ...PERSON, entryUUID: [] }])],
    ['finds one with two ids', [401], () => honest([DN, { ...PERSON, entryUUID: [ID, ID] }])],
    [
      'finds one whose address is another’s',
      [403],
      () => honest([DN, { ...PERSON, entryUUID: NEW, mail: 'boss@evil.example' }]),
    ],
    [
      'finds one whose address is none',
      [403],
      () => honest([DN, { ...PERSON, entryUUID: NEW, mail: 'a,b@house.example' }]),
    ],
    ['says no to the person', [401], () => lies(BIND, (id) => bound(id, 49), 2)],
    ['says no to its own account', [503], () => lies(BIND, (id) => bound(id, 49))],
    ['is busy with the person', [503], () => lies(BIND, (id) => bound(id, 51), 2)],
    ['answers a bind without a result', [503], () => lies(BIND, (id) => message(id, ber(0x61)), 2)],
    ['sends a huge entry', [503], () => honest([DN, { ...PERSON, description: [huge, huge] }])],
    ['sends many messages', [503], () => lies(SEARCH, (id) => [...many, done(id)])],
    [
      'sends a value longer than it is',
      [503],
      () =>
        lies(SEARCH, (id) =>
          message(id, ber(0x64, text(DN), Buffer.from('3009300704016131020405', 'hex'))),
        ),
    ],
    ['sends what is no message', [503], () => lies(SEARCH, () => randomBytes(64))],
    [
      'refers to another directory',
      [503],
      () => lies(SEARCH, (id) => done(id, 10, ber(0xa3, text('ldaps://evil.example')))),
    ],
    [
      'sends a reference with nobody',
      [401],
      () => lies(SEARCH, (id) => [message(id, ber(0x73, text('ldaps://evil.example'))), done(id)]),
    ],
    [
      'sends members in parts',
      [503],
      () => honest([DN, { ...PERSON, 'memberOf;range=0-1': ['cn=a', 'cn=b'] }]),
    ],
  ])(
    'AUT-06: one that %s lets nobody in, and nothing falls over; the right one does',
    async (_what, statuses, lie) => {
      lie();
      const refused = await desk.signIn(connection, EMAIL, PASSWORD);
      expect(statuses).toContain(refused.status);
      expect(refused.headers['set-cookie']).toBeUndefined();
      honest([DN, PERSON]);
      expect(await signIn()).toBe(201);
    },
  );

  it('AUT-06: one that closes in the middle, or answers what nobody asked, is given up in time', async () => {
    liar.answer = (_question, socket) => {
      socket.destroy();
      return null;
    };
    expect(await signIn()).toBe(503);
    liar.answer = ({ id }) => bound((id + 50) & 127);
    const began = Date.now();
    expect(await signIn()).toBe(503);
    expect(Date.now() - began).toBeLessThan(14_000);
    honest([DN, PERSON]);
    expect(await signIn()).toBe(201);
  }, 30_000);

  it('AUT-06: under StartTLS no password is sent where TLS is refused, stripped or preceded by an answer', async () => {
    const started = await desk.connect({ port: liar.clearPort, security: 'starttls' });
    const try_ = (): Promise<number> =>
      desk.signIn(started, EMAIL, PASSWORD).then(({ status }) => status);
    for (const greet of [
      (id: number) => extended(id, 1),
      (id: number) => extended(id, 2),
      (id: number) => extended(id + 1),
      (id: number) => bound(id),
      // An answer of the time before TLS that would pass for one of the time after.
      (id: number) => Buffer.concat([extended(id), bound(2)]),
      (id: number) => Buffer.concat([extended(id), bound(2).subarray(0, 4)]),
    ]) {
      liar.greet = ({ id }) => greet(id);
      expect(await try_()).toBe(503);
    }
    liar.greet = ({ id }) => extended(id);
    expect(await try_()).toBe(201);
    const clear = Buffer.concat(liar.heard.clear).toString('latin1');
    expect(clear).not.toContain('the right one');
    expect(clear).not.toContain('seeker of this test');
  });

  it('AUT-06: an account of Active Directory that is disabled, expired or must change is refused after its own yes', async () => {
    const guid = randomBytes(16);
    const good = {
      ...{ objectGUID: guid, mail: EMAIL, sAMAccountName: 'ada', displayName: 'Ada Lovelace' },
      ...{ userAccountControl: '512', accountExpires: '0', pwdLastSet: '133000000000000000' },
    };
    const directory = await desk.connect(
      {
        ...{ port: liar.port, directory: 'active_directory', groups: 'nested' },
        ...{ bindDn: 'seeker@house.example', personFilter: '(userPrincipalName={email})' },
      },
      { mappings: [{ group: 'Bosses', role: 'reviewer' }], defaultRole: null },
    );
    const role = async (more: Attributes): Promise<string> => {
      liar.answer = ({ id, tag, bytes }) => {
        if (tag === BIND) return bound(id);
        const nested = bytes.includes(Buffer.from('1.2.840.113556.1.4.1941'));
        const group = { cn: 'Bosses' };
        return nested
          ? [entry(id, 'CN=Bosses,OU=groups,DC=house,DC=example', group), done(id)]
          : [entry(id, DN, { ...good, ...more }), done(id)];
      };
      const answer = await desk.signIn(directory, EMAIL, PASSWORD);
      return answer.status === 201
        ? (/"role":"(\w+)"/.exec(answer.text)?.[1] ?? '')
        : String(answer.status);
    };
    for (const more of [
      { userAccountControl: '514' },
      { accountExpires: '133000000000000000' },
      { pwdLastSet: '0' },
      { userAccountControl: [] },
      { objectGUID: randomBytes(15) },
    ])
      expect(await role(more)).toBe('401');
    // The account of before is of the other connection: here it is linked anew by its address.
    expect(await role({})).toBe('reviewer');
    const sent = liar.heard.asked.filter(({ tag }) => tag === SEARCH).map(({ bytes }) => bytes);
    expect(sent.some((bytes) => bytes.includes(Buffer.from(DN)))).toBe(true);
  });

  it('AUT-06: a password that is kept is sent to no other place than it was given for', async () => {
    const path = `/api/tenants/${desk.tenantId}/connections`;
    const { connections } = (await desk.server.ask('GET', path, { token: desk.admin.token })).json<{
      connections: { id: string; settings: Record<string, unknown> }[];
    }>();
    const held = connections.find(({ id }) => id === connection);
    const body = {
      ...{ kind: 'ldap', name: 'House', domains: ['house.example'], justInTime: true },
      ...{ defaultRole: 'member', mappings: [] },
    };
    const put = (settings: object, more = {}): Promise<number> =>
      desk.server
        .ask('PUT', `${path}/${connection}`, {
          token: desk.admin.token,
          json: { ...body, settings: { ...held?.settings, ...settings }, ...more },
        })
        .then(({ status }) => status);
    const moved = { host: '127.0.0.2' };
    expect(await put(moved)).toBe(409);
    expect(await put({ bindDn: 'cn=other,dc=house,dc=example' })).toBe(409);
    expect(await put({ ...moved, host: 'evil.example' }, { secret: 'given again' })).toBe(409);
    expect(await put({ personFilter: '(uid={user})' })).toBe(200);
    expect(await signIn()).toBe(201);
  });
});
