import { Parser } from 'htmlparser2';
import type { BlockList } from '../block-list.ts';
import { ParseError } from '../parse-error.ts';
import { isHidden } from './is-hidden.ts';
import { MarkupBlocks } from './markup-blocks.ts';

// Never text of the page, whatever stands inside. A menu is no text that anyone asks about.
const DROPPED = new Set(
  'script style template noscript svg math canvas object iframe select datalist nav'.split(' '),
);
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/**
 * Reads HTML as a stream of events, so that neither depth nor size can exhaust the stack.
 *
 * @param maxDepth elements inside each other
 * @returns the title of the page, if it has one
 */
export function readMarkup(html: string, blocks: BlockList, maxDepth: number): string | null {
  const markup = new MarkupBlocks(blocks);
  let depth = 0;
  // Depth at which text began to be dropped.
  let hiddenFrom = Infinity;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (VOID.has(name)) {
          if (depth < hiddenFrom) markup.void(name);
          return;
        }
        if (++depth > maxDepth)
          throw new ParseError('broken', 'The page nests too deeply. Save it in a simpler form.');
        if (depth < hiddenFrom && (DROPPED.has(name) || isHidden(attributes))) hiddenFrom = depth;
        if (depth < hiddenFrom) markup.open(name);
      },
      ontext(text) {
        if (depth < hiddenFrom) markup.text(text);
      },
      onclosetag(name) {
        if (VOID.has(name)) return;
        if (depth < hiddenFrom) markup.close(name);
        if (depth === hiddenFrom) hiddenFrom = Infinity;
        depth--;
      },
    },
    { decodeEntities: true, recognizeSelfClosing: false },
  );
  parser.end(html);
  return markup.finish();
}
