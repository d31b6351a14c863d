import type { Token } from 'marked';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&nbsp;', ' '],
]);

/** The words of a piece of Markdown without its marks: of a link its text, of a picture its description. */
export function inlineText(token: Token): string {
  if (token.type === 'br') return '\n';
  if (token.type === 'html') return '';
  if ('tokens' in token && token.tokens) return token.tokens.map(inlineText).join('');
  const text = 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
  return text.replace(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (entity) => ENTITIES.get(entity) ?? entity);
}
