/**
 * Prints both error rates of both judges (the check of answers, the judgement of relevance) on the
 * half of the labelled cases that nothing was fitted on, with the embedding model of a real Ollama:
 *
 *     node server/src/chat/grounding/measure-judges.ts http://127.0.0.1:11434 casemate-embed
 *
 * Ends with status 1 when a rate is over its bound.
 */
import { createModelServer } from '../../platform/index.ts';
import { measureQuestions } from '../relevance/measure-questions.ts';
import type { Embed } from './check-answer.ts';
import { halves, measureCases, readCases } from './measure-cases.ts';
import { BOUNDS } from './bounds.ts';

const [url = 'http://127.0.0.1:11434', model = 'casemate-embed'] = process.argv.slice(2);

const models = createModelServer(url);
const known = new Map<string, readonly number[]>();
const embed: Embed = async (texts) => {
  const missing = [...new Set(texts)].filter((text) => !known.has(text));
  if (missing.length > 0) {
    const vectors = await models.embed(model, missing);
    missing.forEach((text, index) => known.set(text, vectors[index] ?? []));
  }
  return texts.map((text) => known.get(text) ?? []);
};

const { report } = halves(await readCases());
const checked = await measureCases(report, embed);
const judged = await measureQuestions(embed, 'report');
const rates = {
  falseSupported: checked.falseSupported,
  falseUnsupported: checked.falseUnsupported,
  falseAbsent: judged.falseAbsent,
  falsePresent: judged.falsePresent,
};
const over = Object.entries(BOUNDS).filter(
  ([name, bound]) => rates[name as keyof typeof rates] > bound,
);
process.stdout.write(
  `${JSON.stringify({ sentences: checked.sentences, questions: judged.questions, rates, bounds: BOUNDS, over: over.map(([name]) => name) })}\n`,
);
process.exitCode = over.length === 0 ? 0 : 1;
