import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hostChecks } from '../../../installer/src/trust/host-checks/index.ts';
import { readSabotages } from '../../../scripts/sabotage/sabotage.ts';
import { GATES } from '../../../scripts/test/gates.ts';
import type { IdentityParts } from '../identity/index.ts';
import { controlProofs } from '../trust/index.ts';
import { liveChecks } from './live-checks.ts';

const root = resolve(import.meta.dirname, '../../..');
const live = liveChecks({ identity: {} as IdentityParts, allRoutes: () => [] });

/** Whether a test of that file can be called so: `%s` in a name stands for a word of its table. */
function holdsTitle(text: string, title: string): boolean {
  if (text.includes(title) || text.includes(title.replaceAll("'", "\\'"))) return true;
  return [...text.matchAll(/(['"`])((?:(?!\1).)*%[a-z](?:(?!\1).)*)\1/g)].some(
    ([, , name = '']) => {
      const [before = '', after = ''] = name.split(/%[a-z]/);
      if (!title.startsWith(before)) return false;
      const rest = title.slice(before.length);
      const word = rest.endsWith(after) ? rest.slice(0, rest.length - after.length) : rest;
      return text.includes(word);
    },
  );
}

describe('the declared proofs', () => {
  it('TRU-02: name tests that are there', () => {
    const lost = controlProofs.flatMap(({ control, tests = [] }) =>
      tests.flatMap(({ file, titles }) => {
        if (!existsSync(join(root, file))) return [`${control}: ${file}`];
        const text = readFileSync(join(root, file), 'utf8');
        return titles
          .filter((title) => !holdsTitle(text, title))
          .map((title) => `${control}: ${title}`);
      }),
    );
    expect(lost).toEqual([]);
  });

  it('TRU-02: name as many live checks as are registered, and checks of the host that are made', () => {
    for (const { control, live: count = 0, host = [] } of controlProofs) {
      const registered = live.filter((check) => check.control === control).length;
      expect([control, count]).toEqual([control, registered]);
      const made = hostChecks.filter((check) => check.control === control).map(({ name }) => name);
      expect([control, [...host].sort()]).toEqual([control, made.sort()]);
    }
  });

  it('TRU-02: leave no live check and no check of the host without an entry', () => {
    const declared = new Set(controlProofs.map(({ control }) => control));
    const stray = [...live, ...hostChecks].filter(({ control }) => !declared.has(control));
    expect([...new Set(stray.map(({ control }) => control))]).toEqual([]);
  });

  it('TRU-02: leave no live check and no check of the host without a patch that breaks it', () => {
    const broken = new Set(readSabotages(root).map(({ id }) => id));
    const whole = [...live, ...hostChecks].filter(({ control }) => !broken.has(control));
    expect([...new Set(whole.map(({ control }) => control))]).toEqual([]);
  });

  it('TRU-02: name gates and pages that are there', () => {
    const gates = new Set(GATES.map(({ name }) => name));
    for (const { gates: wanted = [], pages = [] } of controlProofs) {
      expect(wanted.filter((name) => !gates.has(name))).toEqual([]);
      expect(pages.filter((page) => !existsSync(join(root, page)))).toEqual([]);
    }
  });

  it('finds a title in a table, and not one that is nowhere', () => {
    const text = "it.each([['a thing', 1]])('X-1: fails with %s, always', () => 1)";
    expect(holdsTitle(text, 'X-1: fails with a thing, always')).toBe(true);
    expect(holdsTitle(text, 'X-1: fails with a th')).toBe(true);
    expect(holdsTitle(text, 'X-1: fails with another')).toBe(false);
  });
});
