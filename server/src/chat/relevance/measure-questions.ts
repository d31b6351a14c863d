import { readFile } from 'node:fs/promises';
import type { Embed } from '../grounding/check-answer.ts';
import { readCases } from '../grounding/measure-cases.ts';
import { judgeRelevance } from './judge-relevance.ts';
import type { Source } from './question-evidence.ts';

/** A question over the passages of a group of grounding cases; all groups are its library. */
export type LabelledQuestion = { id: string; group: string; question: string; answered: boolean };

export type RelevanceRates = {
  readonly questions: number;
  /** Share of the answerable questions that were called "not in the documents". */
  readonly falseAbsent: number;
  /** Share of the unanswerable questions that went on to an answer. */
  readonly falsePresent: number;
};

export async function readQuestions(): Promise<LabelledQuestion[]> {
  const file = await readFile(new URL('cases/questions.jsonl', import.meta.url), 'utf8');
  return file
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LabelledQuestion);
}

/** Both error rates over every other group; the others were used to fit. */
export async function measureQuestions(
  embed: Embed,
  half: 'fit' | 'report',
): Promise<RelevanceRates> {
  const cases = await readCases();
  const passages = new Map(cases.map(({ group, passages: texts }) => [group, texts]));
  const groups = [...passages.keys()];
  const library: Source[] = [...passages.values()].flat().map((text) => ({ text, context: '' }));
  const chosen = (await readQuestions()).filter(
    ({ group }) => (groups.indexOf(group) % 2 === 0) === (half === 'fit'),
  );
  const wrong = { true: 0, false: 0 };
  for (const { question, answered } of chosen) {
    const { relevant } = await judgeRelevance(question, library, embed);
    if (relevant !== answered) wrong[`${answered}`] += 1;
  }
  const count = (answered: boolean): number =>
    chosen.filter((one) => one.answered === answered).length || 1;
  return {
    questions: chosen.length,
    falseAbsent: wrong.true / count(true),
    falsePresent: wrong.false / count(false),
  };
}
