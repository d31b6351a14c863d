import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLdapDesk, type LdapDesk } from '../../../../tests/ldap-desk.ts';
import {
  GROUPS,
  passwordOf,
  PEOPLE,
  startRealDirectory,
} from '../../../../tests/real-directory.ts';
import { recheckDirectories } from './recheck-directories.ts';

type Session = {
  accessToken: string;
  account: { id: string; email: string; name: string };
  tenants: { id: string; role: string }[];
};
type Examined = {
  steps: { step: string; fault: string | null }[];
  found: { groups: string[] } | null;
  decision: { outcome: string; matched: string[] } | null;
};

const WRONG = 'E-mail or password is wrong, or your directory does not let you in';

const started = await startRealDirectory();

if ('missing' in started) it.skip(`LDAP: ${started.missing}`, () => expect(started).toBeDefined());
else
  describe('sign-in by a real LDAP directory', () => {
    const slapd = started;
    let desk: LdapDesk;
    let tls: string;
    const roles = [
      { group: 'bosses', role: 'admin' },
      { group: 'readers', role: 'reviewer' },
    ];

    const check = (): Promise<void> =>
      recheckDirectories(desk.appliance.contextOf(null, null), desk.appliance.parts.identity);

    beforeAll(async () => {
      desk = await startLdapDesk([slapd.port, slapd.clearPort]);
      tls = await desk.connect({ port: slapd.port });
    });
    afterAll(async () => {
      await desk.stop();
      await slapd.stop();
    });

    it('AUT-06: a wrong password opens nothing; the right one makes the account and its session', async () => {
      const email = await slapd.person('anna');
      const wrong = await desk.signIn(tls, email, 'not it');
      expect([wrong.status, wrong.text.includes(WRONG)]).toEqual([401, true]);
      expect(wrong.headers['set-cookie']).toBeUndefined();
      const right = await desk.signIn(tls, email, passwordOf('anna'));
      expect(right.status).toBe(201);
      expect(right.json<Session>()).toMatchObject({
        account: { email, name: 'Ada anna' },
        tenants: [{ id: desk.tenantId, role: 'member' }],
      });
    });

    it('AUT-06: an empty password is refused before the directory is asked, though it would say yes', async () => {
      const email = await slapd.person('empty');
      for (const password of ['', '\0', `${passwordOf('empty')}\0`, 'x'.repeat(257)])
        expect((await desk.signIn(tls, email, password)).status).toBe(400);
      expect((await desk.signIn(tls, email, passwordOf('empty'))).status).toBe(201);
    });

    it('AUT-06: whoever is unknown, of another domain, or found twice, hears what a wrong password hears', async () => {
      const email = await slapd.person('twin', { mail: 'pair@house.example' });
      await slapd.person('other', { mail: 'pair@house.example' });
      expect(email).toBe('twin@house.example');
      for (const [address, password] of [
        ['pair@house.example', passwordOf('twin')],
        ['pair@house.example', passwordOf('other')],
        ['nobody@house.example', 'whatever'],
        ['anna@elsewhere.example', passwordOf('anna')],
      ] as const) {
        const refused = await desk.signIn(tls, address, password);
        expect([refused.status, refused.text.includes(WRONG)]).toEqual([401, true]);
      }
    });

    it('AUT-06: StartTLS and TLS are the same directory; a certificate for another name is none', async () => {
      const email = await slapd.person('tess');
      const started = await desk.connect({ port: slapd.clearPort, security: 'starttls' });
      expect((await desk.signIn(started, email, passwordOf('tess'))).status).toBe(201);
      const clear = await desk.connect({ port: slapd.clearPort });
      expect((await desk.signIn(clear, email, passwordOf('tess'))).status).toBe(503);
      const named = await desk.connect({ port: slapd.port, host: '127.0.0.2' });
      expect((await desk.signIn(named, email, passwordOf('tess'))).status).toBe(503);
    });

    it.each([
      ['member_of', {}],
      ['member', {}],
      ['member_uid', {}],
    ])('RBA-01: groups by %s give the highest role, only below their base', async (groups) => {
      const login = `g-${groups.replace('_', '-')}`;
      const email = await slapd.person(login);
      const connection = await desk.connect(
        { port: slapd.port, groups },
        { mappings: roles, defaultRole: null },
      );
      await slapd.add(`cn=bosses,${PEOPLE}`, {
        ...{ objectClass: ['groupOfNames'], cn: 'bosses', member: `uid=${login},${PEOPLE}` },
      });
      const refused = await desk.signIn(connection, email, passwordOf(login));
      expect(refused.status).toBe(403);
      await (groups === 'member_uid'
        ? slapd.add(`cn=readers,${GROUPS}`, {
            objectClass: ['posixGroup'],
            ...{ cn: 'readers', gidNumber: '1', memberUid: login },
          })
        : slapd.group('readers', [login]));
      const right = await desk.signIn(connection, email, passwordOf(login));
      expect([right.status, right.text]).toEqual([201, expect.stringContaining('"reviewer"')]);
      await slapd.remove(`cn=bosses,${PEOPLE}`);
      await slapd.remove(`cn=readers,${GROUPS}`);
    });

    it('AUT-06: accounts that are locked by hand, disabled or expired, or must change their password, are not let in', async () => {
      const email = await slapd.person('locked', {
        ...{ objectClass: ['inetOrgPerson', 'shadowAccount'], shadowExpire: '-1' },
      });
      const dn = `uid=locked,${PEOPLE}`;
      const signIn = async (): Promise<number> =>
        (await desk.signIn(tls, email, passwordOf('locked'))).status;
      expect(await signIn()).toBe(201);
      for (const [said, unsaid] of [
        [{ pwdAccountLockedTime: '000001010000Z' }, { pwdAccountLockedTime: [] }],
        [{ shadowExpire: '1' }, { shadowExpire: '-1' }],
        [{ pwdReset: 'TRUE' }, { pwdReset: [] }],
      ] as const) {
        await slapd.change(dn, { ...said });
        expect(await signIn()).toBe(401);
        await slapd.change(dn, { ...unsaid });
        expect(await signIn()).toBe(201);
      }
    });

    it('AUT-06: an address that the directory’s own people can write makes nobody an account', async () => {
      const email = await slapd.person('writer');
      const open = await desk.connect({ port: slapd.port, mailVouched: false });
      expect((await desk.signIn(open, email, passwordOf('writer'))).status).toBe(403);
      expect((await desk.signIn(tls, email, passwordOf('writer'))).status).toBe(201);
    });

    it('AUT-06: a domain that a connection names and nobody has shown to be theirs tells nothing of its people', async () => {
      const named = await desk.connect(
        { port: slapd.port },
        { domains: ['house.example', 'example.invalid'] },
      );
      const email = `${desk.admin.accountId}@example.invalid`;
      await slapd.person('claimant', { mail: email });
      expect((await desk.signIn(named, email, passwordOf('claimant'))).status).toBe(401);
      const { rows } = await desk.appliance.superuser.query<{ id: string; reason: string }>(
        `select resource_id as id, after ->> 'reason' as reason from control.audit_events
         where action = 'session.start' and after ->> 'connection' = $1`,
        [named],
      );
      expect(rows).toEqual([{ id: 'unknown', reason: 'other_domain' }]);
    });

    it('AUT-04: five wrong passwords lock the person, whatever their address; here and for this connection alone', async () => {
      const mail = ['first@house.example', 'second@house.example'];
      await slapd.person('tried', { mail });
      await slapd.person('free');
      for (let n = 0; n < 5; n += 1)
        expect((await desk.signIn(tls, mail[n % 2] ?? '', 'wrong')).status).toBe(401);
      for (const one of mail)
        expect((await desk.signIn(tls, one, passwordOf('tried'))).status).toBe(429);
      expect((await desk.signIn(tls, 'free@house.example', passwordOf('free'))).status).toBe(201);
      // The lockout of the account here is another one.
      const here = await desk.post('/api/session', { email: mail[0], password: 'wrong' }, null);
      expect(here.status).toBe(401);
      const { rowCount } = await desk.appliance.superuser.query(
        `select from control.audit_events where action = 'session.lock'
           and after ->> 'connection' = $1`,
        [tls],
      );
      expect(rowCount).toBe(1);
    });

    it('AUT-04: what a directory takes for right forgets no wrong password of an account here', async () => {
      const email = await slapd.person('victim');
      const guess = (): Promise<number> =>
        desk
          .post('/api/session', { email, password: 'a wrong guess' }, null)
          .then(({ status }) => status);
      for (let n = 0; n < 4; n += 1) expect(await guess()).toBe(401);
      expect((await desk.signIn(tls, email, passwordOf('victim'))).status).toBe(201);
      expect(await guess()).toBe(401);
      expect(await guess()).toBe(429);
    });

    it('AUT-06: the test of a connection names each step, tries no password without counting, and changes nothing', async () => {
      const email = await slapd.person('asked');
      const connection = await desk.connect({ port: slapd.port }, { mappings: roles });
      const path = `/api/tenants/${desk.tenantId}/connections/${connection}/examine`;
      const ask = async (password: string | null, address = email): Promise<Examined> =>
        (await desk.post(path, { email: address, password })).json<Examined>();
      const seen = await ask(null);
      expect(seen.steps.map(({ fault }) => fault)).toEqual([null, null, null, null]);
      expect(seen.decision).toMatchObject({ outcome: 'admitted' });
      expect((await ask(null, 'nobody@house.example')).steps.at(-1)?.fault).toContain('Nobody');
      expect((await ask('wrong')).steps.at(-1)?.fault).toContain('refuses the password');
      expect((await ask(passwordOf('asked'))).steps).toHaveLength(5);
      const { rowCount } = await desk.appliance.superuser.query(
        'select from control.accounts where email = $1',
        [email],
      );
      expect(rowCount).toBe(0);
      for (let n = 0; n < 4; n += 1) await ask('wrong');
      expect((await desk.post(path, { email, password: 'wrong' })).status).toBe(429);
    });

    it('AUT-06: whoever is gone from the directory or disabled in it is out; a directory that is down takes nobody out', async () => {
      const emails = [await slapd.person('stays'), await slapd.person('goes')];
      const connection = await desk.connect({ port: slapd.port }, { mappings: roles });
      await slapd.group('readers', ['stays', 'goes']);
      const sessions = [];
      for (const [n, login] of ['stays', 'goes'].entries())
        sessions.push(
          (await desk.signIn(connection, emails[n] ?? '', passwordOf(login))).json<Session>(),
        );
      const [stays, goes] = sessions.map(({ account }) => account.id) as [string, string];
      await slapd.down();
      await check();
      expect([await desk.role(stays), await desk.role(goes)]).toEqual(['reviewer', 'reviewer']);
      await slapd.up();
      await slapd.change(`cn=readers,${GROUPS}`, { member: `uid=goes,${PEOPLE}` });
      await check();
      expect([await desk.role(stays), await desk.sessionsOf(stays)]).toEqual(['member', 1]);
      expect([await desk.role(goes), await desk.sessionsOf(goes)]).toEqual(['reviewer', 1]);
      await slapd.change(`uid=goes,${PEOPLE}`, { pwdAccountLockedTime: '000001010000Z' });
      await check();
      expect([await desk.role(goes), await desk.sessionsOf(goes)]).toEqual([null, 0]);
      expect([await desk.role(stays), await desk.sessionsOf(stays)]).toEqual(['member', 1]);
      await slapd.remove(`uid=stays,${PEOPLE}`);
      await check();
      expect([await desk.role(stays), await desk.sessionsOf(stays)]).toEqual([null, 0]);
      await slapd.remove(`cn=readers,${GROUPS}`);
    });

    it('AUT-06: the last administrator is not taken out, nor are most people at once', async () => {
      const email = await slapd.person('chief');
      const connection = await desk.connect({ port: slapd.port }, { mappings: roles });
      await slapd.group('bosses', ['chief']);
      const answer = await desk.signIn(connection, email, passwordOf('chief'));
      // An administrator is asked for a second factor: the role is there, the session is not.
      expect(answer.status).toBe(201);
      const { superuser } = desk.appliance;
      const { rows } = await superuser.query<{ id: string }>(
        'select id from control.accounts where email = $1',
        [email],
      );
      const chief = rows[0]?.id ?? '';
      const others = (role: string): Promise<unknown> =>
        superuser.query(
          'update control.memberships set role = $3 where account_id = $1 and tenant_id = $2',
          [desk.admin.accountId, desk.tenantId, role],
        );
      await others('member');
      await slapd.remove(`uid=chief,${PEOPLE}`);
      await check();
      expect([await desk.role(chief), await desk.sessionsOf(chief)]).toEqual(['admin', 0]);
      await others('admin');

      const many = await desk.connect({ port: slapd.port });
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        const one = await desk.signIn(many, await slapd.person(`m${n}`), passwordOf(`m${n}`));
        ids.push(one.json<Session>().account.id);
      }
      for (let n = 0; n < 5; n += 1) await slapd.remove(`uid=m${n},${PEOPLE}`);
      await check();
      for (const id of ids)
        expect([await desk.role(id), await desk.sessionsOf(id)]).toEqual(['member', 1]);
    });

    it('AUT-06: a directory that is down is said to be so, and the password here goes on working', async () => {
      const email = await slapd.person('waits');
      await slapd.down();
      const refused = await desk.signIn(tls, email, passwordOf('waits'));
      expect([refused.status, refused.text.includes('does not answer')]).toEqual([503, true]);
      const own = await desk.server.ask('GET', '/api/me', { token: desk.admin.token });
      expect(own.status).toBe(200);
      await slapd.up();
      expect((await desk.signIn(tls, email, passwordOf('waits'))).status).toBe(201);
    });
  });
