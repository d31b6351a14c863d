import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outline, readFixture } from '../fixtures/read-fixture.ts';
import { detectDelimiter } from './csv.ts';

describe('plain text', () => {
  it('refuses a file of white space as empty', async () => {
    await expect(readFixture('txt', ' \n\t\n')).rejects.toThrow('empty');
  });

  it('refuses bytes that are no text', async () => {
    const bytes = Uint8Array.from({ length: 500 }, (_, i) => i % 7);
    await expect(readFixture('txt', bytes)).rejects.toThrow('wrong_type');
  });

  it('refuses more text than allowed', async () => {
    await expect(readFixture('txt', 'word '.repeat(100), { textLength: 50 })).rejects.toThrow(
      'too_large',
    );
  });

  it('finds headings, paragraphs and lists', async () => {
    const text =
      'Handbook\n========\n\n1.2 Access rules\n\nA line\nthat goes on.\n\n- one\n- two\n  more\n';
    expect(outline(await readFixture('txt', text))).toEqual([
      'heading1: Handbook',
      'heading2: 1.2 Access rules',
      'paragraph: A line that goes on.',
      'list: - one\n- two more',
    ]);
  });

  it.each([
    ['utf8', 'Blåbær på Østfold'],
    ['utf16le', '\ufeffBlåbær på Østfold'],
    ['latin1', 'Blåbær på Østfold'],
  ] as const)('reads %s', async (charset, text) => {
    expect(outline(await readFixture('txt', Buffer.from(text, charset)))).toEqual([
      'paragraph: Blåbær på Østfold',
    ]);
  });

  it('keeps the no-break space of a number, so that quotations match', async () => {
    const text = 'It costs 99\u00a0858 kroner,  at  most.';
    expect(outline(await readFixture('txt', text))).toEqual([
      'paragraph: It costs 99\u00a0858 kroner, at most.',
    ]);
  });

  it('drops what nobody can see', async () => {
    const hidden = 'vis\u200bible\u{e0041}\u{e0042} te\u00adxt\u202e';
    expect(outline(await readFixture('txt', hidden))).toEqual(['paragraph: visible text']);
  });
});

describe('Markdown', () => {
  it('keeps its structure and drops its marks', async () => {
    const source =
      '---\ntitle: "The plan"\n---\n# One\nSome *text* with [a link](http://x.test) &amp; more.\n\n' +
      '- a\n  - b\n- c\n\n| K | V |\n|---|---|\n| x | 1 |\n\n```js\nlet a;\n  b();\n```\n## Two\n> quoted\n';
    const document = await readFixture('md', source);
    expect(document.title).toBe('The plan');
    expect(outline(document)).toEqual([
      'heading1: One',
      'paragraph: Some text with a link & more.',
      'list: a\nb\nc',
      'table: K: x; V: 1',
      'code: let a;\n  b();',
      'heading2: Two',
      'paragraph: quoted',
    ]);
  });

  it('drops scripts and hidden text of the HTML inside', async () => {
    const source =
      'Seen.\n\n<div>also<script>steal()</script><p style="display:none">not</p></div>\n';
    expect(outline(await readFixture('md', source))).toEqual([
      'paragraph: Seen.',
      'paragraph: also',
    ]);
  });
});

describe('HTML', () => {
  it('refuses a page that nests too deeply', async () => {
    await expect(readFixture('html', '<div>'.repeat(100_000))).rejects.toThrow('broken');
  });

  it('drops scripts, styles, comments and hidden text', async () => {
    const source =
      '<title>T</title><style>p{}</style><script>x</script><!-- c --><p hidden>a</p><p style="color:red;display : none">b</p>' +
      '<div style="visibility:hidden"><p>c</p></div><template>d</template><noscript>e</noscript><svg><text>f</text></svg><p>seen</p>';
    const document = await readFixture('html', source);
    expect(outline(document)).toEqual(['paragraph: seen']);
    expect(document.title).toBe('T');
  });

  it('keeps headings, lists, tables and code', async () => {
    const source =
      '<h2>Rules</h2><p>One &amp; <b>two</b><br>three</p>text<ul><li>a<ul><li>b</li></ul><li>c</ul>' +
      '<table><caption>Fees</caption><tr><th>K<th>V<tr><td>x<td>1 <table><tr><td>in</table></table><pre>a\n  b</pre>';
    expect(outline(await readFixture('html', source))).toEqual([
      'heading2: Rules',
      'paragraph: One & two three',
      'paragraph: text',
      'list: a\nb\nc',
      'paragraph: Fees',
      'table: K: x; V: 1 in',
      'code: a\n  b',
    ]);
  });

  it('reads the charset that the page declares', async () => {
    const page = Buffer.concat([
      Buffer.from('<meta charset="iso-8859-2"><p>'),
      Buffer.from([0xb1, 0xe6]),
    ]);
    expect(outline(await readFixture('html', page))).toEqual(['paragraph: ąć']);
  });
});

describe('CSV', () => {
  it('takes a formula as text', async () => {
    const source = 'name,note\nA,"=HYPERLINK(""http://x.test"")"\nB,+1+cmd\n';
    expect(outline(await readFixture('csv', source))).toEqual([
      'table: name: A; note: =HYPERLINK("http://x.test")\nname: B; note: +1+cmd',
    ]);
  });

  it('takes names of the language as ordinary columns', async () => {
    await readFixture('csv', '__proto__,constructor\npolluted,yes\n');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses a quote that swallows the whole file', async () => {
    await expect(readFixture('csv', `a,b\n"${'x,y\n'.repeat(400_000)}`)).rejects.toThrow('broken');
  });

  it.each([
    [';', 'a;b;c\n1,5;2;3\n'],
    ['\t', 'a\tb\n1,2\t3\n'],
    ['|', 'a|b\n1|2\n'],
    [',', 'a,b\n"x;y",2\n'],
  ])('finds the separator %p', (delimiter, source) => {
    expect(detectDelimiter(source)).toBe(delimiter);
  });

  it('cuts a long table into blocks of a hundred rows', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => `${i},x`).join('\n');
    const { blocks } = await readFixture('csv', `id,v\n${rows}\n`);
    expect(blocks.map(({ text }) => text.split('\n').length)).toEqual([100, 100, 50]);
  });

  it('keeps every cell of every row, whatever it holds', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'B', '"', ';', ',', '=', ' ', 'é'),
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        async (rows) => {
          const quoted = rows.map((row) =>
            row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','),
          );
          const { blocks } = await readFixture(
            'csv',
            `"first col","second col"\n${quoted.join('\n')}\n`,
          ).catch(() => ({
            blocks: [],
          }));
          const text = blocks.map((block) => block.text).join('\n');
          for (const value of rows.flat())
            expect(text).toContain(value.replace(/\s+/g, ' ').trim());
        },
      ),
      { numRuns: 60 },
    );
  });
});
