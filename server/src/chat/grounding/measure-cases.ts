import { readFile } from 'node:fs/promises';
import { checkAnswer, type Embed } from './check-answer.ts';
import type { Thresholds } from './thresholds.ts';

/** One labelled answer: for each of its sentences, whether the passages carry it. */
export type LabelledCase = {
  readonly id: string;
  /** Cases over the same passages; a group is wholly in one half. */
  readonly group: string;
  readonly kind: string;
  readonly passages: readonly string[];
  readonly answer: string;
  readonly supported: readonly boolean[];
};

export type ErrorRates = {
  readonly sentences: number;
  /** Share of the unsupported sentences that were called supported. */
  readonly falseSupported: number;
  /** Share of the supported sentences that were called unsupported. */
  readonly falseUnsupported: number;
  readonly mistakes: readonly { id: string; kind: string; expected: boolean; score: number }[];
};

const LANGUAGES = ['en', 'de', 'no'] as const;

export async function readCases(): Promise<LabelledCase[]> {
  const files = await Promise.all(
    LANGUAGES.map((name) => readFile(new URL(`cases/${name}.jsonl`, import.meta.url), 'utf8')),
  );
  return files.flatMap((file) =>
    file
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LabelledCase),
  );
}

/** Every other group, in the order of the files: one half to fit on, the other to report. */
export function halves(cases: readonly LabelledCase[]): {
  fit: LabelledCase[];
  report: LabelledCase[];
} {
  const groups = [...new Set(cases.map(({ group }) => group))];
  const isFit = ({ group }: LabelledCase): boolean => groups.indexOf(group) % 2 === 0;
  return { fit: cases.filter(isFit), report: cases.filter((one) => !isFit(one)) };
}

/** Both error rates of the check over labelled cases. */
export async function measureCases(
  cases: readonly LabelledCase[],
  embed: Embed,
  thresholds?: Thresholds,
): Promise<ErrorRates> {
  const mistakes: { id: string; kind: string; expected: boolean; score: number }[] = [];
  const counts = { true: 0, false: 0 };
  for (const { id, kind, passages, answer, supported } of cases) {
    const numbered = passages.map((text, index) => ({ n: index + 1, text, context: '' }));
    const { sentences } = await checkAnswer({ answer, passages: numbered, embed }, thresholds);
    if (sentences.length !== supported.length)
      throw new Error(`${id}: split into ${sentences.length} sentences`);
    sentences.forEach((sentence, index) => {
      const expected = supported[index] ?? false;
      counts[`${expected}`] += 1;
      if (sentence.supported !== expected)
        mistakes.push({ id, kind, expected, score: sentence.score });
    });
  }
  const wrong = (expected: boolean): number =>
    mistakes.filter((one) => one.expected === expected).length;
  return {
    sentences: counts.true + counts.false,
    falseSupported: counts.false === 0 ? 0 : wrong(false) / counts.false,
    falseUnsupported: counts.true === 0 ? 0 : wrong(true) / counts.true,
    mistakes,
  };
}
