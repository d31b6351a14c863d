import { describe, expect, it } from '@jest/globals';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Sentence } from '../../lib/api/types.ts';
import { renderAnswer } from './render-answer.tsx';

const html = (source: string, sentences: Sentence[] = []): string =>
  renderToStaticMarkup(
    <>{renderAnswer({ source, sentences, renderCitation: (n) => <button>{n}</button> })}</>,
  );

describe('an answer drawn from markdown', () => {
  it('never becomes HTML, whatever the model writes', () => {
    const drawn = html('<img src=x onerror=alert(1)> and <script>alert(1)</script>\n\n<iframe>');
    expect(drawn).not.toMatch(/<(img|script|iframe)/);
    expect(drawn).toContain('&lt;img');
  });

  it('never links or loads an address', () => {
    const drawn = html(
      '![chart](https://out.test/?q=secret) [click](javascript:alert(1)) <https://out.test>',
    );
    expect(drawn).not.toMatch(/<(a|img)\b|src=|href=/);
    expect(drawn).toContain('(javascript:alert(1))');
    expect(drawn.match(/out\.test/g)).toHaveLength(1);
  });

  it('keeps a citation a citation when the model defines it as a link', () => {
    const drawn = html('Thirty days [1].\n\n[1]: https://out.test "x"');
    expect(drawn).toContain('<button>1</button>');
    expect(drawn).not.toContain('href');
  });

  it('draws paragraphs, lists, emphasis, code and tables', () => {
    const drawn = html(
      '# Notice\n\n- **thirty** days\n- `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    );
    expect(drawn).toContain('<h3>Notice</h3>');
    expect(drawn).toContain('<strong>thirty</strong>');
    expect(drawn).toContain('<code>code</code>');
    expect(drawn).toContain('<th>a</th>');
  });

  it('marks a sentence that is not supported, for eyes and for screen readers', () => {
    const source = 'Thirty days [1]. *Never* on Mondays.';
    const start = source.indexOf('*Never');
    const drawn = html(source, [{ start, end: source.length, supported: false, citations: [] }]);
    expect(drawn).toContain('<em><mark data-unsupported="">Never</mark></em>');
    expect(drawn).toContain('on Mondays.<span data-for-screen-readers="">(not supported');
    expect(drawn).not.toContain('<mark data-unsupported="">Thirty');
  });

  it('draws a half-written table or list while it streams in', () => {
    for (const half of ['| a | b', '| a | b |\n|--', '1. ', '**bold', '`co', '[1', '']) {
      expect(() => html(half)).not.toThrow();
    }
  });
});
