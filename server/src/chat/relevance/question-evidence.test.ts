import { describe, expect, it } from '@jest/globals';
import { readQuestion } from './question-evidence.ts';

const evidence = (question: string, text: string) =>
  readQuestion(question).evidence({ text, context: '' });

describe('readQuestion', () => {
  it('holds a name against a passage that lacks it', () => {
    const { lacksFact } = evidence('What does Berger pay?', 'The fee for Keller is 40 euros.');
    expect(lacksFact).toBe(true);
  });

  it.each([
    ['Wie hoch ist die Gebühr für Müller?', 'Die Gebühr beträgt 40 Euro für Müller.'],
    ['How high is the fee for Keller?', 'The fee for Keller is 40 euros.'],
    ['Hvor mye er gebyret for Moe?', 'Gebyret for Moe er 40 kroner.'],
  ])('KB-03: asks no passage for the measure of an amount: %s', (question, text) => {
    expect(evidence(question, text)).toEqual({ inPassage: 1, lacksFact: false });
  });
});
