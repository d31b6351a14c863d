import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkAnswer, type Embed } from './check-answer.ts';
import { halves, measureCases, readCases } from './measure-cases.ts';

const noEmbedder: Embed = () => Promise.resolve(null);

const passage = {
  n: 1,
  context: 'Handbook',
  text: 'The pump P-204 must be inspected every 500 operating hours. Never run the pump dry.',
};

const check = (answer: string) => checkAnswer({ answer, passages: [passage], embed: noEmbedder });

describe('checkAnswer', () => {
  it.each([
    ['a wrong number', 'The pump P-204 must be inspected every 800 operating hours [1].'],
    ['a wrong code', 'The pump P-402 must be inspected every 500 operating hours [1].'],
    ['half of a code', 'The pump P-20 must be inspected every 500 operating hours [1].'],
    ['a denial', 'The pump P-204 must not be inspected every 500 operating hours [1].'],
    ['an invention', 'The warranty covers ten thousand bearings worldwide [1].'],
    ['nothing but a mark', '[1]'],
  ])('refuses %s', async (_what, answer) => {
    expect((await check(answer)).verdict).toBe('unsupported');
  });

  it('KB-03: refuses a sentence that repeats its question and goes on with an invention', async () => {
    const question = 'How often must the pump P-204 be inspected?';
    const alike: Embed = (texts) => Promise.resolve(texts.map(() => [1]));
    const answer = 'The pump P-204 must be inspected by a certified specialist from abroad.';
    const right = 'The pump P-204 must be inspected every 500 operating hours.';
    const verdictOf = async (text: string) =>
      (await checkAnswer({ answer: text, question, passages: [passage], embed: alike })).verdict;
    expect(await verdictOf(answer)).toBe('unsupported');
    expect(await verdictOf(right)).toBe('supported');
  });

  it('accepts what the passage says', async () => {
    const { verdict, sentences } = await check(
      'Inspect the pump P-204 every 500 operating hours [1].',
    );
    expect(verdict).toBe('supported');
    expect(sentences[0]).toMatchObject({ supported: true, citations: [1] });
  });

  it('marks the sentence that is not carried and keeps the one that is', async () => {
    const { verdict, sentences } = await check(
      'The pump P-204 must be inspected every 500 operating hours [1]. It weighs 90 kilograms [1].',
    );
    expect(verdict).toBe('partly_supported');
    expect(sentences.map(({ supported }) => supported)).toEqual([true, false]);
  });

  it('drops a citation of a passage that does not carry the sentence', async () => {
    const other = { n: 2, context: '', text: 'Lunch is served at noon.' };
    const { sentences } = await checkAnswer({
      answer: 'The pump P-204 must be inspected every 500 operating hours [2].',
      passages: [passage, other],
      embed: noEmbedder,
    });
    expect(sentences[0]?.citations).toEqual([1]);
  });

  it('slices the answer with its offsets and cites only passages that exist, whatever is said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (noise) => {
        const answer = `${noise} The pump P-204 must be inspected every 500 operating hours [1]. ${noise}`;
        for (const { start, end, citations } of (await check(answer)).sentences) {
          expect(answer.slice(start, end).trim().length).toBe(end - start);
          expect(citations.every((n) => n === 1)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

// Measured on the half that nothing was fitted on. With the embedding model: `measure-judges.ts`.
describe('the labelled cases, by words alone', () => {
  it('KB-03: keeps both error rates of the check under their bounds', async () => {
    const { report } = halves(await readCases());
    const rates = await measureCases(report, noEmbedder);
    expect(rates.sentences).toBeGreaterThan(100);
    expect(rates.falseSupported).toBeLessThanOrEqual(0.08);
    expect(rates.falseUnsupported).toBeLessThanOrEqual(0.25);
  });
});
