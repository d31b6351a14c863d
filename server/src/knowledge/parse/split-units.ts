import { countWordPieces } from './count-word-pieces.ts';
import type { Block } from './parsed-document.ts';
import { splitSentences } from './split-sentences.ts';

/** The smallest piece that stays whole: a sentence, an item, a row, a line of code. */
export interface Unit {
  text: string;
  tokens: number;
  /** What stands between it and the unit before it, when both are in one chunk. */
  separator: ' ' | '\n' | '';
  /** Number of its block in the document. */
  block: number;
  /** True for running text, which the next chunk may repeat. */
  isProse: boolean;
}

/** Cuts a block into units of at most `maxTokens`. */
export function splitUnits(block: Block, index: number, maxTokens: number): Unit[] {
  const isProse = block.kind === 'paragraph';
  const pieces = isProse ? splitSentences(block.text) : block.text.split('\n');
  return pieces.flatMap((piece, i) =>
    fit(piece, maxTokens).map(({ text, glued }, part) => ({
      text,
      tokens: countWordPieces(text),
      separator: glued ? '' : part > 0 || (isProse && i > 0) ? ' ' : '\n',
      block: index,
      isProse,
    })),
  );
}

interface Part {
  text: string;
  /** True when it continues the word before it. */
  glued: boolean;
}

/** Cuts what is too long: between clauses or cells, else between words, else inside a word. */
function fit(text: string, maxTokens: number): Part[] {
  if (countWordPieces(text) <= maxTokens) return [{ text, glued: false }];
  const clauses = text.split(/(?<=[;,:|])\s+/);
  const parts = clauses.length > 1 ? clauses : text.split(/\s+/).filter(Boolean);
  if (parts.length < 2) return cutWord(text, maxTokens);
  const packed: Part[] = [];
  let tokens = 0;
  for (const part of parts) {
    const size = countWordPieces(part);
    const last = packed.at(-1);
    if (last && tokens + size <= maxTokens) {
      last.text += ` ${part}`;
      tokens += size;
    } else {
      packed.push(...fit(part, maxTokens));
      tokens = size;
    }
  }
  return packed;
}

/** A word of thousands of letters: an address, a key, or an attack. */
function cutWord(word: string, maxTokens: number): Part[] {
  const points = [...word];
  const parts: Part[] = [];
  // One character is never more than two pieces, as a pair of surrogates.
  const step = Math.max(1, Math.floor(maxTokens / 2));
  for (let at = 0; at < points.length; at += step) {
    parts.push({ text: points.slice(at, at + step).join(''), glued: at > 0 });
  }
  return parts;
}
