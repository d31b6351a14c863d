import { describe, expect, it } from '@jest/globals';
import { matchAdvisories } from '../audit/match-advisories.ts';
import type { Advisory } from '../audit/osv.ts';
import { proposeUpdates, type Present } from './propose-updates.ts';

const of = (name: string, version: string, newest: string | null): Present => ({
  ...{ ecosystem: 'npm', name, version, newest },
});
const advisory = (name: string, fixed?: string): Advisory => ({
  ...{ id: `GHSA-${name}`, aliases: [`CVE-${name}`], database_specific: { severity: 'HIGH' } },
  affected: [
    {
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, ...(fixed ? [{ fixed }] : [])] }],
    },
  ],
});
const propose = (present: Present[], advisories: Advisory[] = []) =>
  proposeUpdates(present, (part) => matchAdvisories([part], advisories));

describe('SUP-03: proposals of updates', () => {
  it('SUP-03: propose nothing older, nothing equal, no trial, and nothing that is not known', () => {
    expect(
      propose([
        of('a', '2.0.0', '1.9.0'),
        of('b', '1.0.0', '1.0.0'),
        of('c', '1.0.0', '2.0.0-rc.1'),
        of('d', '1.0.0', null),
      ]),
    ).toEqual([]);
  });

  it('SUP-03: name the advisories that an update ends, those first, and none that it leaves', () => {
    const found = propose(
      [
        of('late', '1.0.0', '2.0.0'),
        of('small', '1.0.0', '1.0.1'),
        of('holed', '1.0.0', '3.0.0'),
        of('open', '1.0.0', '1.1.0'),
      ],
      [advisory('holed', '2.5.0'), advisory('open')],
    );
    expect(found.map(({ name, step, mends }) => [name, step, mends])).toEqual([
      ['holed', 'major', ['CVE-holed (high)']],
      ['small', 'patch', []],
      ['open', 'minor', []],
      ['late', 'major', []],
    ]);
  });
});
