import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { compareVersions } from './compare-versions.ts';
import { judge, type Accepted } from './judge.ts';
import { listParts } from './list-parts.ts';
import { baseScore } from './match-advisories.ts';
import type { Advisory, Part } from './osv.ts';
import { readDatabase } from './read-database.ts';

const now = new Date('2026-11-22T12:00:00Z');
const part = (version: string, name = 'left-pad', ecosystem = 'npm'): Part => ({
  ecosystem,
  name,
  version,
});
const advisory = (
  more: Partial<Advisory> = {},
  events: Record<string, string>[] = [{ introduced: '0' }, { fixed: '1.2.3' }],
): Advisory => ({
  ...{ id: 'GHSA-made-up', summary: 'it pads too far', modified: '2026-11-20T00:00:00Z' },
  affected: [
    { package: { ecosystem: 'npm', name: 'left-pad' }, ranges: [{ type: 'SEMVER', events }] },
  ],
  database_specific: { severity: 'HIGH' },
  ...more,
});
const verdict = (parts: Part[], advisories: Advisory[], accepted: Accepted[] = []) =>
  judge({
    parts,
    accepted,
    now,
    database: { advisories, newest: new Date('2026-11-20'), unreadable: 0 },
  });

describe('SUP-01: the audit against an offline database', () => {
  it('SUP-01: refuses a part that an advisory is about, and names its fix', () => {
    const { refuses } = verdict([part('1.2.2')], [advisory({ aliases: ['CVE-2026-1'] })]);
    expect(refuses).toEqual([
      'npm left-pad 1.2.2: high, GHSA-made-up CVE-2026-1, fixed in 1.2.3: it pads too far',
    ]);
  });

  it.each([
    ['before it was introduced', '0.9.0', [{ introduced: '1.0.0' }, { fixed: '1.2.3' }], false],
    ['when it was introduced', '1.0.0', [{ introduced: '1.0.0' }, { fixed: '1.2.3' }], true],
    ['a release before the fix', '1.2.3-rc.1', [{ introduced: '0' }, { fixed: '1.2.3' }], true],
    ['at the fix', '1.2.3', [{ introduced: '0' }, { fixed: '1.2.3' }], false],
    [
      'introduced again',
      '2.1.0',
      [{ introduced: '0' }, { fixed: '1.2.3' }, { introduced: '2.0.0' }],
      true,
    ],
    ['between', '1.9.0', [{ introduced: '0' }, { fixed: '1.2.3' }, { introduced: '2.0.0' }], false],
    ['the last that is affected', '3.0.0', [{ introduced: '0' }, { last_affected: '3.0.0' }], true],
    [
      'after the last that is affected',
      '3.0.1',
      [{ introduced: '0' }, { last_affected: '3.0.0' }],
      false,
    ],
    ['whose events are out of order', '1.0.0', [{ fixed: '1.2.3' }, { introduced: '0' }], true],
  ] as const)('SUP-01: judges a version %s', (_what, version, events, hit) => {
    const { refuses } = verdict([part(version)], [advisory({}, [...events])]);
    expect(refuses.length).toBe(hit ? 1 : 0);
  });

  it('SUP-01: refuses what nobody rated, and lets low and moderate pass with a word', () => {
    const { database_specific: _said, ...unrated } = advisory();
    expect(verdict([part('1.0.0')], [unrated]).refuses).toHaveLength(1);
    const mild = {
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N' }],
    };
    const { refuses, mentions } = verdict([part('1.0.0')], [{ ...unrated, ...mild }]);
    expect([refuses.length, mentions.length]).toEqual([0, 1]);
    expect(verdict([part('1.0.0')], [advisory({ withdrawn: '2026-11-21' })]).refuses).toEqual([]);
  });

  it('SUP-01: believes an exception only with its reason, for its package, until its day', () => {
    const accepted = {
      id: 'GHSA-made-up',
      package: 'left-pad',
      until: '2026-12-01',
      reason: 'never called with a width',
    };
    const refused = (more: Partial<Accepted>) =>
      verdict([part('1.0.0')], [advisory()], [{ ...accepted, ...more }]).refuses.length;
    expect(refused({})).toBe(0);
    for (const more of [
      { until: '2026-11-01' },
      { reason: '' },
      { package: 'other' },
      { id: 'GHSA-x' },
    ])
      expect(refused(more)).toBe(1);
  });

  it('SUP-01: an empty, an old and a broken database are no audit', () => {
    const base = { parts: [part('1.0.0')], accepted: [], now };
    const of = (advisories: Advisory[], newest: string | null, unreadable = 0) =>
      judge({
        ...base,
        database: { advisories, newest: newest === null ? null : new Date(newest), unreadable },
      });
    expect(of([], null).audited).toBe(false);
    expect(of([advisory()], '2026-09-01')).toMatchObject({ audited: false, refuses: [] });
    expect(of([advisory()], '2026-11-20', 1).audited).toBe(false);
    expect(of([advisory()], '2026-11-20').audited).toBe(true);
  });

  it('orders versions as their ecosystems do', () => {
    const semantic = [
      '0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-2x',
      '1.0.0',
      '1.0.10',
      '1.2',
      'v2.0.0+build',
    ];
    const debian = [
      '0',
      '1.0~rc1-1',
      '1.0-1',
      '1.0-1+deb12u1',
      '1.0-1+deb12u10',
      '1.0a-1',
      '1.10-1',
      '1:0.5-1',
    ];
    const sorted = (ecosystem: string, list: string[]) =>
      [...list].reverse().sort((a, b) => compareVersions(ecosystem, a, b));
    expect(
      sorted(
        'npm',
        semantic.filter((one) => one !== '1.0.0-2x'),
      ),
    ).toEqual(semantic.filter((one) => one !== '1.0.0-2x'));
    expect(sorted('Debian:12', debian)).toEqual(debian);
  });

  it('counts CVSS 3.1 as its specification does', () => {
    expect(baseScore('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H')).toBe(9.8);
    expect(baseScore('CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N')).toBe(6.4);
    expect(baseScore('CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N')).toBe(0);
    expect(baseScore('CVSS:3.1/AV:N')).toBeNull();
  });

  it('SUP-01: knows all that ships: packages, components and what lies below the images', () => {
    const parts = listParts(path.resolve(import.meta.dirname, '../..'));
    const names = parts.map(({ ecosystem, name }) => `${ecosystem} ${name}`);
    expect(names).toEqual(
      expect.arrayContaining(['npm express', 'Go github.com/openbao/openbao', 'Debian:12 libc6']),
    );
    expect(names).not.toContain('npm jest');
    expect(parts.length).toBeGreaterThan(100);
  });

  it('SUP-01: the command fails on a database that tells of a part, read from files and archives', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cma-'));
    try {
      const hit = advisory({
        modified: new Date().toISOString(),
        affected: [
          {
            package: { ecosystem: 'npm', name: 'express' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
          },
        ],
      });
      const run = () =>
        spawnSync(process.execPath, [path.join(import.meta.dirname, 'main.ts'), '--db', dir], {
          encoding: 'utf8',
        });
      expect(run().status).toBe(77);
      writeFileSync(
        path.join(dir, 'other.json'),
        JSON.stringify(advisory({ modified: new Date().toISOString() })),
      );
      expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('1 advisories') });
      mkdirSync(path.join(dir, 'npm'));
      writeFileSync(
        path.join(dir, 'npm/all.zip'),
        zipSync({ 'GHSA.json': strToU8(JSON.stringify(hit)) }),
      );
      expect(readDatabase(dir).advisories).toHaveLength(2);
      expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('npm express') });
      writeFileSync(path.join(dir, 'cut.json'), '{"id":');
      expect(run()).toMatchObject({
        status: 77,
        stderr: expect.stringContaining('can not be read'),
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
