import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunkDocument } from './chunk-document.ts';
import { countWordPieces } from './count-word-pieces.ts';
import type { Block } from './parsed-document.ts';

const block = (kind: Block['kind'], text: string, level?: number): Block => ({
  kind,
  text,
  page: 1,
  boxes: [{ page: 1, x: 0, y: 0, w: 1, h: 0.1 }],
  ...(level !== undefined && { level }),
});

const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'ø', 'Z', '7', '.', ';', '!', '漢', '𝒳'),
  minLength: 1,
  maxLength: 12,
});
const line = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(' '));
const someBlock: fc.Arbitrary<Block> = fc.oneof(
  fc
    .tuple(line, fc.integer({ min: 1, max: 6 }))
    .map(([text, level]) => block('heading', text, level)),
  line.map((text) => block('paragraph', text)),
  fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) => block('table', lines.join('\n'))),
  fc
    .string({ unit: fc.constantFrom('x', 'y'), minLength: 1, maxLength: 3_000 })
    .map((text) => block('code', text)),
);
const someBlocks = fc.array(someBlock, { maxLength: 12 });
const letters = (text: string): string => text.replace(/\s+/g, '');

describe('chunkDocument', () => {
  it('never makes a chunk larger than asked for', () => {
    fc.assert(
      fc.property(someBlocks, fc.integer({ min: 20, max: 200 }), (blocks, maxTokens) => {
        for (const { text, tokens } of chunkDocument({ blocks }, { maxTokens })) {
          expect(tokens).toBeLessThanOrEqual(maxTokens);
          expect(countWordPieces(text)).toBeLessThanOrEqual(maxTokens + 2);
        }
      }),
    );
  });

  it('loses no text and keeps its order', () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        const bodies = blocks.filter(({ kind }) => kind !== 'heading').map(({ text }) => text);
        const chunks = chunkDocument({ blocks }).filter(
          ({ startBlock }) => blocks[startBlock]?.kind !== 'heading',
        );
        const own = chunks.map(({ text, repeated }) => text.slice(repeated));
        expect(letters(own.join(''))).toBe(letters(bodies.join('')));
        expect(chunks.map(({ startBlock }) => startBlock)).toEqual(
          chunks.map(({ startBlock }) => startBlock).sort((a, b) => a - b),
        );
      }),
    );
  });

  it('loses no heading: it stands above a chunk or is one', () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        const chunks = chunkDocument({ blocks }, { maxTokens: 100_000 });
        const found = new Set(chunks.flatMap(({ headings, text }) => [...headings, text]));
        for (const { kind, text } of blocks) if (kind === 'heading') expect(found).toContain(text);
      }),
    );
  });

  it('repeats only what the chunk before ends with', () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        const chunks = chunkDocument({ blocks }, { maxTokens: 60, overlapTokens: 30 });
        chunks.forEach(({ text, repeated }, i) => {
          if (repeated > 0)
            expect(chunks[i - 1]?.text.endsWith(text.slice(0, repeated))).toBe(true);
        });
      }),
    );
  });

  it('gives the same chunks for the same document', () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        expect(chunkDocument({ blocks })).toEqual(
          chunkDocument({ blocks: structuredClone(blocks) }),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('never puts text of two headings into one chunk', () => {
    const blocks = [
      block('heading', 'A', 1),
      block('paragraph', 'One.'),
      block('heading', 'B', 2),
      block('paragraph', 'Two.'),
    ];
    expect(chunkDocument({ blocks }).map(({ headings, text }) => [headings, text])).toEqual([
      [['A'], 'One.'],
      [['A', 'B'], 'Two.'],
    ]);
  });

  it('keeps sentences whole, also behind abbreviations and ordinals', () => {
    const text =
      'Dr. Meier kam am 3. Oktober nach Bergen. Er blieb z.B. Wochen. Danach reiste er mit J. Hansen weiter. Alle waren froh.';
    const chunks = chunkDocument(
      { blocks: [block('paragraph', text)] },
      { maxTokens: 16, minTokens: 0, overlapTokens: 0 },
    );
    expect(chunks.map((chunk) => chunk.text)).toEqual([
      'Dr. Meier kam am 3. Oktober nach Bergen.',
      'Er blieb z.B. Wochen.',
      'Danach reiste er mit J. Hansen weiter.',
      'Alle waren froh.',
    ]);
  });

  it('merges small neighbours and leaves no tiny rest', () => {
    const blocks = Array.from({ length: 9 }, (_, i) =>
      block('paragraph', `Sentence number ${i} is short.`),
    );
    const sizes = chunkDocument({ blocks }, { maxTokens: 64, minTokens: 30 }).map(
      ({ tokens }) => tokens,
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(30);
  });

  it('starts a chunk with the last sentence of the one before', () => {
    const text =
      'The first sentence of all is here. The second follows it. The third one closes the text.';
    const [, second] = chunkDocument(
      { blocks: [block('paragraph', text)] },
      { maxTokens: 20, minTokens: 0, overlapTokens: 8 },
    );
    expect(second).toMatchObject({
      text: 'The second follows it. The third one closes the text.',
      repeated: 22,
    });
  });

  it('names the blocks, boxes and page of its own text', () => {
    const chunks = chunkDocument({
      blocks: [block('heading', 'A', 1), block('paragraph', 'One.'), block('list', 'x\ny')],
    });
    expect(chunks).toEqual([
      expect.objectContaining({ ordinal: 0, text: 'One.\nx\ny', page: 1, startBlock: 1 }),
    ]);
    expect(chunks[0]!.boxes).toHaveLength(2);
  });
});
