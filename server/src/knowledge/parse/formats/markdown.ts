import { marked, type Token, type Tokens } from 'marked';
import type { BlockList } from '../block-list.ts';
import { decodeText } from '../decode-text.ts';
import { renderTable } from '../render-table.ts';
import { tidyLine } from '../tidy-text.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { inlineText } from './inline-text.ts';
import { readMarkup } from './read-markup.ts';

const FRONT_MATTER = /^---\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)(?:\r?\n|$)/;

/** Markdown (CommonMark with GitHub's tables): its structure; raw HTML inside is read as HTML. */
export function readMarkdown({ bytes, blocks, limits }: ReadInput): ReadOutcome {
  const text = decodeText(bytes).replace(/^\uFEFF/, '');
  const front = FRONT_MATTER.exec(text);
  const title = /^title:(.*)$/m.exec(front?.[1] ?? '')?.[1]?.replace(/["']/g, '') ?? null;
  const reader = { blocks, maxDepth: limits.depth };
  readTokens(marked.lexer(text.slice(front?.[0].length ?? 0)), reader);
  return { title, pages: null };
}

interface Reader {
  blocks: BlockList;
  maxDepth: number;
}

function readTokens(tokens: readonly Token[], reader: Reader): void {
  for (const token of tokens) readToken(token, reader);
}

function readToken(token: Token, reader: Reader): void {
  const { blocks } = reader;
  switch (token.type) {
    case 'heading':
      blocks.add({
        kind: 'heading',
        level: (token as Tokens.Heading).depth,
        text: inlineText(token),
      });
      return;
    case 'list':
      blocks.add({ kind: 'list', text: itemsOf(token as Tokens.List).join('\n') });
      return;
    case 'table':
      blocks.add({
        kind: 'table',
        text: renderTable(rowsOf(token as Tokens.Table), true).join('\n'),
      });
      return;
    case 'code':
      blocks.add({ kind: 'code', text: (token as Tokens.Code).text });
      return;
    case 'html':
      readMarkup(token.raw, blocks, reader.maxDepth);
      return;
    case 'blockquote':
      readTokens((token as Tokens.Blockquote).tokens, reader);
      return;
    case 'space':
    case 'hr':
    case 'def':
      return;
    default:
      blocks.add({ kind: 'paragraph', text: inlineText(token) });
  }
}

/** One line for each item; the items of a list inside an item follow it. */
function itemsOf(list: Tokens.List): string[] {
  return list.items.flatMap((item) => {
    const inner = item.tokens.filter((token): token is Tokens.List => token.type === 'list');
    const own = item.tokens
      .filter((token) => token.type !== 'list')
      .map(inlineText)
      .join(' ');
    return [tidyLine(own), ...inner.flatMap(itemsOf)];
  });
}

const rowsOf = (table: Tokens.Table): string[][] =>
  [table.header, ...table.rows].map((row) =>
    row.map(({ tokens }) => tokens.map(inlineText).join('')),
  );
