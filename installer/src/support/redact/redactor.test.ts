import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeCanaries } from './canaries.ts';
import { nothingKnown, notationsOf, type Known } from './known.ts';
import { proveRedaction, sweep } from './prove.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createRedactor, type Format, type Input } from './redactor.ts';

const pseudonyms = createPseudonyms(Buffer.from('a key of this test'));
const tenant = { id: '01990000-aaaa-7bbb-8ccc-0123456789ab', name: 'Acme Legal' };
const person = { email: 'greta@acme.example', name: 'Greta Olsen' };
const known: Known = {
  ...nothingKnown,
  secrets: [Buffer.from('horse-battery'), Buffer.from([1, 2, 3, 250, 251, 252, 9, 9, 9, 9])],
  tenants: [tenant],
  people: [person],
  hosts: ['casemate.acme.example'],
  checksums: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
};
const redact = (text: string, format: Format = 'text', all = known): string =>
  createRedactor(all, pseudonyms)({ path: 'x', format, text }).text;
const formats: Format[] = ['text', 'log', 'postgresql'];

describe('DEP-08: the redactor of the support bundle', () => {
  it.each([
    ['a bearer token', 'authorization: Bearer abc.def-ghi, next', /abc\.def/],
    ['a cookie', 'Cookie: __Host-casemate=one two; other=3', /one|two|other/],
    ['a password with spaces', 'password="correct horse staple"', /correct|horse|staple/],
    ['a password inside JSON inside a text', String.raw`{\"token\":\"abc def\"} `, /abc|def/],
    ['a password of SQL', "alter role x password 'hunter22'", /hunter22/],
    ['a password in a URL', ['smtp://ops', 'tiny@relay.example/'].join(':'), /tiny/],
    [
      'a key that the end of a log cut off',
      '-----BEGIN PRIVATE KEY-----\nMIIabc\nMHcdef',
      /MII|MHc/,
    ],
    ['an e-mail as a URL writes it', 'GET /x?mail=a.b%40c.example', /a\.b|c\.example/],
    ['a tenant by its schema', 'relation "tenant_01990000aaaa7bbb8ccc0123456789ab.t"', /01990000/],
    ['a tenant by its name in capitals', 'tenant ACME LEGAL is late', /acme/i],
    ['an address of IPv6', 'from 2001:db8::17 port 1', /db8/],
    ['a home directory', 'cannot open /home/greta/x file:///home/greta', /greta/],
    ['a number to call', 'call +47 22 33 44 55 now', /22 33/],
  ])('DEP-08: takes out %s', (_what, text, leak) => {
    for (const format of formats) expect(redact(text, format)).not.toMatch(leak);
    expect(redact(JSON.stringify({ deep: [{ text }] }), 'json')).not.toMatch(leak);
  });

  it('DEP-08: takes what is named like a secret out of JSON, and leaves counts', () => {
    const text = redact(
      JSON.stringify({ smtpPassword: 'x y', tokens: 3, list: ['Acme Legal'] }),
      'json',
    );
    expect(JSON.parse(text)).toEqual({
      smtpPassword: '[secret]',
      tokens: 3,
      list: [pseudonyms('tenant', tenant.id)],
    });
  });

  it('DEP-08: takes values out of what PostgreSQL logs, however many lines they have', () => {
    const text = [
      '2026-11-22 10:00:00.000 UTC [9] casemate_server@casemate ERROR:  duplicate key value',
      '2026-11-22 10:00:00.000 UTC [9] casemate_server@casemate DETAIL:  Key (title)=(my (secret) case) already exists.',
      "2026-11-22 10:00:00.000 UTC [9] casemate_server@casemate STATEMENT:  insert into t values ('first",
      "\tsecond', $1)",
      '2026-11-22 10:00:01.000 UTC [9] casemate_server@casemate ERROR:  invalid input syntax for type uuid: "the-name"',
    ].join('\n');
    const after = redact(text, 'postgresql');
    expect(after).not.toMatch(/my|case\)|first|second|the-name/);
    expect(after).toContain("values ('?', $1)");
    expect(after).toContain('casemate_server@casemate ERROR');
  });

  it('DEP-08: is the same for the same, and another for another', () => {
    const [one, two] = [redact('a@b.example c@d.example'), redact('again A@B.example')];
    const found = one.match(/email-[0-9a-f]{10}/g) ?? [];
    expect(new Set(found).size).toBe(2);
    expect(two).toBe(`again ${found[0]}`);
    const ids = redact(`${tenant.id} tenant_${tenant.id.replaceAll('-', '')} Acme Legal`).split(
      ' ',
    );
    expect(new Set(ids)).toEqual(new Set([pseudonyms('tenant', tenant.id)]));
    const other = createPseudonyms(Buffer.from('another key'));
    expect(other('email', 'a@b.example')).not.toBe(found[0]);
  });

  it('DEP-08: leaves what says something', () => {
    const kept = [
      '2026-11-22T10:00:00.000Z component server is ready after 12.5 s, pid 4711',
      'at file:///opt/casemate/server-0.1.2/server/dist/main.js:1234:56',
      'listening on 0.0.0.0:8443 and 127.0.0.1',
      `sha256 ${known.checksums[0] ?? ''}`,
      'postgresql 18.6, openbao 2.7.2, ollama 0.24.0',
    ].join('\n');
    for (const format of formats) expect(redact(kept, format)).toBe(kept);
  });

  it('DEP-08: hides no known secret, in any notation, anywhere in any text', () => {
    const secret = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ minLength: 8, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    const noise = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(secret, noise, noise, fc.nat(10), (bytes, before, after, which) => {
        const forms = notationsOf(bytes).filter((form) => form.length >= 4);
        const form = forms[which % forms.length] ?? '';
        const all = { ...nothingKnown, secrets: [bytes] };
        const plain = redact(`${before}${form}${after}`, 'text', all);
        const json = redact(JSON.stringify({ [before]: `${form}${after}` }), 'json', all);
        expect(
          sweep(
            [
              { path: 'x', text: plain },
              { path: 'y.json', text: json },
            ],
            all,
          ),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('DEP-08: changes nothing more the second time', () => {
    const some = fc.array(
      fc.constantFrom(...makeCanaries().list.map(({ plant }) => plant), 'x', '\n', ' '),
    );
    fc.assert(
      fc.property(some, (parts) => {
        const once = redact(parts.join(' '));
        return redact(once) === once;
      }),
      { numRuns: 100 },
    );
  });

  it('DEP-08: knows base64 by its looks, and leaves paths', () => {
    const bytes = fc.uint8Array({ minLength: 48, maxLength: 48 });
    let missed = 0;
    fc.assert(
      fc.property(bytes, (some) => {
        // Of what is really drawn: fast-check likes bytes that are alike.
        const drawn = createHash('sha384').update(some).digest('base64');
        if (redact(`x ${drawn} y`) !== 'x [random] y') missed += 1;
      }),
      { numRuns: 2000 },
    );
    expect(missed).toBeLessThan(3);
    for (const kept of [
      '/opt/casemate/programs/openbao-2.7.2-db79307a35a21e59/bin/bao',
      'installer/src/support/inputs/listSlowQueries/readDatabaseFacts2/index.ts',
      '/srv/casemate/home/data and ../home/log',
      'ERR_UNKNOWN_FILE_EXTENSION/AsyncContextFrame/processTicksAndRejections',
    ])
      expect(redact(kept)).toBe(kept);
  });

  it('DEP-08: takes time in proportion to the text', () => {
    for (const text of [
      'a'.repeat(400_000),
      'password='.repeat(40_000),
      '-----BEGIN '.repeat(20_000),
      '@a.'.repeat(100_000),
      '::'.repeat(100_000),
    ]) {
      const from = performance.now();
      redact(text);
      expect(performance.now() - from).toBeLessThan(8000);
    }
  });
});

describe('DEP-08: the canary test of the support bundle', () => {
  const inputs: Input[] = [
    { path: 'a.json', format: 'json', text: '{"one":{"two":["three"]}}' },
    { path: 'b.sql', format: 'sql', text: '[{"query":"select 1","plan":["Seq Scan"]}]' },
    { path: 'c.log', format: 'log', text: 'one\n{"level":"info","message":"two"}\nthree' },
    { path: 'd.log', format: 'postgresql', text: '2026-11-22 10:00:00 UTC [1] LOG:  ready' },
    { path: 'e.txt', format: 'text', text: '' },
  ];
  const made = (all: Known) => createRedactor(all, pseudonyms);

  it('DEP-08: fails on a redactor that does nothing, for every kind and every input', () => {
    const { leaks, kinds } = proveRedaction(inputs, known, () => ({ text }) => ({
      text,
      counts: {},
    }));
    expect(new Set(leaks.map(({ path }) => path)).size).toBe(inputs.length);
    expect(new Set(leaks.map(({ what }) => what)).size).toBeGreaterThan(20);
    expect(kinds).toBeGreaterThan(25);
  });

  it('DEP-08: fails on one that does not know the tenants', () => {
    const { leaks } = proveRedaction(inputs, known, (all) => made({ ...all, tenants: [] }));
    expect(leaks.map(({ what }) => what)).toContain("a tenant's name");
  });

  it('DEP-08: finds nothing behind the redactor, in any input', () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const { leaks, planted } = proveRedaction(inputs, known, made);
      expect(leaks).toEqual([]);
      expect(planted).toBeGreaterThan(150);
    }
  });

  it('DEP-08: and the last look finds what is known, in any notation', () => {
    for (const text of [
      'greta@ACME.example',
      'acme legal',
      'aG9yc2UtYmF0dGVy',
      '010203fafbfc09090909',
    ])
      expect(sweep([{ path: 'x', text }], known)).toHaveLength(1);
    expect(sweep([{ path: 'x', text: 'nothing of it' }], known)).toEqual([]);
  });
});
