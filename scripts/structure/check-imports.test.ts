import { describe, expect, it } from '@jest/globals';
import { checkExtensions, checkImports } from './check-imports.ts';
import { ARROWS, FLOORS } from './floors.ts';

const one = (path: string, text: string) => checkImports([{ path, text }]);

describe('checkImports', () => {
  it.each([
    ['upwards', 'server/src/crypto/a.ts', "import { b } from '../chat/index.ts'", 'go down only'],
    [
      'upwards by re-export',
      'server/src/crypto/a.ts',
      "export * from '../app/index.ts'",
      'go down',
    ],
    ['upwards at run time', 'server/src/crypto/a.ts', "await import('../app/index.ts')", 'go down'],
    ['past index.ts', 'server/src/chat/a.ts', "import { b } from '../access/repo.ts'", 'index.ts'],
    [
      'along no arrow',
      'server/src/audit/a.ts',
      "import { b } from '../crypto/index.ts'",
      'no arrow',
    ],
    ['against an arrow', 'server/src/tenancy/a.ts', "import '../identity/index.ts'", 'no arrow'],
    ['a room without a floor', 'server/src/chat/a.ts', "import '../cellar/index.ts'", 'no floor'],
    ['a loose file', 'server/src/chat/a.ts', "import '../main.ts'", 'is no room'],
    ['a feature by another', 'web/src/features/chat/a.ts', "import '../documents/b.ts'", 'feature'],
    ['a feature by the kit', 'web/src/ui/a.ts', "import '../features/chat/b.ts'", 'imports go'],
    ['another workspace', 'installer/src/a.ts', "import '../../server/src/main.ts'", 'workspace'],
  ])('refuses an import %s', (...[, path, text, fault]) => {
    expect(one(path, text)).toEqual([expect.stringContaining(fault)]);
  });

  it('names the line', () => {
    expect(one('server/src/audit/a.ts', "\n\nimport '../app/index.ts';\n")[0]).toMatch(/a\.ts:3 /);
  });

  it.each([
    ['server/src/chat/a.ts', "import { b } from '../platform/index.ts'"],
    ['server/src/identity/a.ts', "import { b } from '../tenancy/index.ts'"],
    ['server/src/chat/answer/a.ts', "import { b } from '../prompt.ts'"],
    ['server/src/main.ts', "import { b } from './app/index.ts'"],
    ['server/src/audit/a.db.test.ts', "import { b } from '../tenancy/index.ts'"],
    ['server/src/main.ts', "import './app/main.ts'"],
    ['server/tests/a.ts', "import '../../installer/src/b.ts'"],
    ['web/src/app/a.ts', "import '../features/chat/b.ts'"],
  ])('allows what goes down: %s', (path, text) => {
    expect(one(path, text)).toEqual([]);
  });

  it('has arrows inside floors only, and no circle among them', () => {
    for (const [from, to] of ARROWS) expect(FLOORS[from]).toBe(FLOORS[to]);
    const reach = (room: string, seen: string[]): boolean =>
      ARROWS.some(([a, b]) => a === room && (seen.includes(b) || reach(b, [...seen, b])));
    expect(ARROWS.filter(([from]) => reach(from, [from]))).toEqual([]);
  });
});

describe('checkExtensions', () => {
  it('refuses a relative import that Node could not resolve', () => {
    const files = [{ path: 'server/src/a.ts', text: "import './b'" }];
    expect(checkExtensions(files)).toEqual(['server/src/a.ts:1 import ./b without its extension']);
  });
});
