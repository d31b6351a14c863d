import { describe, expect, it } from '@jest/globals';
import { newMessage } from './new-message.ts';
import { toTurns } from './to-turns.ts';

const question = (id: string) => newMessage({ id, role: 'user' });
const answer = (id: string, regenerates: string | null = null) =>
  newMessage({ id, role: 'assistant', regenerates });
const ids = (messages: Parameters<typeof toTurns>[0]) =>
  toTurns(messages).map((turn) => [turn.question.id, ...turn.answers.map(({ id }) => id)]);

describe('the turns of a conversation', () => {
  it('leaves out an answer without a question', () => {
    expect(ids([answer('a1')])).toEqual([]);
  });

  it('puts a regenerated answer beside the one it replaces, even after later questions', () => {
    const messages = [
      question('q1'),
      answer('a1'),
      question('q2'),
      answer('a2'),
      answer('a3', 'a1'),
      answer('a4', 'a3'),
    ];
    expect(ids(messages)).toEqual([
      ['q1', 'a1', 'a3', 'a4'],
      ['q2', 'a2'],
    ]);
  });
});
