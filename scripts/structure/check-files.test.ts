import { describe, expect, it } from '@jest/globals';
import { checkUnfinished } from './check-comments.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkLinks } from './check-links.ts';
import { checkNames } from './check-names.ts';
import { checkRoomHeaders } from './check-room-headers.ts';
import { checkSizes } from './check-sizes.ts';
import { checkSuppressions } from './check-suppressions.ts';

const lines = (path: string, count: number) => ({ path, text: 'x\n'.repeat(count) });

describe('checkSizes', () => {
  it('refuses a file of more than 400 lines', () => {
    expect(checkSizes([lines('a.ts', 10), lines('b.ts', 10), lines('c.sql', 401)])).toEqual(
      expect.arrayContaining(['c.sql has 401 lines, more than 400']),
    );
  });
  it('refuses a median above 60', () => {
    expect(checkSizes([lines('a.ts', 61)])).toEqual([expect.stringContaining('median')]);
  });
  it('refuses when more than one in ten has over 200 lines', () => {
    const short = Array.from({ length: 8 }, (_, i) => lines(`s${i}.ts`, 20));
    expect(checkSizes([...short, lines('l.ts', 201)])).toEqual([expect.stringContaining('in ten')]);
  });
  it('counts neither generated files nor prose', () => {
    expect(
      checkSizes([lines('README.md', 900), lines('web/src/lib/api/schema.d.ts', 900)]),
    ).toEqual([]);
  });
});

describe('checkNames', () => {
  it.each([
    'server/src/chat/sendMessage.ts',
    'server/src/chat/Answer.ts',
    'server/src/chat/snake_case.ts',
    'server/src/utils/index.ts',
    'server/src/chat/helpers.ts',
    'server/src/chat/services/answer.ts',
    'web/src/features/chat/manager.ts',
    'server/Src/chat.ts',
  ])('refuses %s', (path) => {
    expect(checkNames([path])).toHaveLength(1);
  });
  it.each([
    'README.md',
    'LICENSE',
    '.gitignore',
    '.ci/run',
    'docs/decisions/0001-jobs.md',
    'server/src/chat/send-message.db.test.ts',
    'web/src/features/chat/AnswerView.tsx',
    'web/src/features/chat/AnswerView.module.css',
    'eslint.config.js',
  ])('allows %s', (path) => {
    expect(checkNames([path])).toEqual([]);
  });
});

describe('checkRoomHeaders', () => {
  const room = (text: string) => checkRoomHeaders([{ path: 'server/src/chat/index.ts', text }]);
  it('refuses a room without index.ts', () => {
    expect(checkRoomHeaders([{ path: 'server/src/chat/repo.ts', text: '' }])).toHaveLength(1);
  });
  it.each([
    'export {}',
    '/** Chat. */',
    `/*\n${' * a\n'.repeat(9)} */`,
    '// one\n// two\nexport {}',
  ])('refuses the header %j', (text) => expect(room(text)).toHaveLength(1));
  it.each(['/**\n * It owns this.\n * It promises that.\n * And this.\n */', '// a\n// b\n// c\n'])(
    'allows the header %j',
    (text) => expect(room(text)).toEqual([]),
  );
});

describe('checkEnvironment', () => {
  const bad = { path: 'server/src/chat/a.ts', text: 'x\nconst a = process.env.HOME' };
  it('SEC-02: refuses a second reader of the environment', () => {
    expect(checkEnvironment([bad], [])).toEqual(['server/src/chat/a.ts:2 reads the environment']);
  });
  it('allows the listed one', () => {
    expect(checkEnvironment([bad], [bad.path])).toEqual([]);
  });
});

describe('checkSuppressions', () => {
  const check = (text: string) => checkSuppressions([{ path: 'a.ts', text }]);
  it.each([
    '// eslint-disable-next-line no-console',
    '/* eslint-disable */',
    '// eslint-disable-line max-params because it is long',
    '// @ts-expect-error',
    '// @ts-ignore the types are wrong here',
    'code(); // prettier-ignore',
    '# shellcheck disable=SC2086',
  ])('refuses %s', (text) => {
    expect(check(text)).toHaveLength(1);
  });
  it.each([
    '// eslint-disable-next-line no-console -- the terminal is the output here',
    '// @ts-expect-error the test passes a wrong type on purpose',
    "const word = 'eslint-disable'",
  ])('allows %s', (text) => {
    expect(check(text)).toEqual([]);
  });
});

describe('checkUnfinished', () => {
  it('refuses a note of unfinished work', () => {
    const text = ['// TO', 'DO: later'].join('');
    expect(checkUnfinished([{ path: 'a.ts', text }])).toHaveLength(1);
  });
});

describe('checkLinks', () => {
  const check = (text: string) => checkLinks([{ path: 'docs/a.md', text }], ['docs/b.md']);
  it('refuses a link to a page that is not there', () => {
    expect(check('\nSee [it](c.md#x).')).toEqual(['docs/a.md:2 leads nowhere: c.md']);
  });
  it.each(['[b](b.md#x)', '[b](../docs/b.md)', '[site](https://example.org/x)', '![p](no.png)'])(
    'allows %s',
    (text) => expect(check(text)).toEqual([]),
  );
});
