import type { Message } from '../../lib/api/types.ts';

/** One question with every answer it got, oldest first: regenerating keeps the earlier ones. */
export interface Turn {
  question: Message;
  answers: Message[];
}

/** Groups the messages of a conversation, in its order, into turns. */
export function toTurns(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  const turnOf = new Map<string, Turn>();
  for (const message of messages) {
    if (message.role === 'user') {
      turns.push({ question: message, answers: [] });
      continue;
    }
    const turn = turnOf.get(message.regenerates ?? '') ?? turns.at(-1);
    if (!turn) continue;
    turn.answers.push(message);
    turnOf.set(message.id, turn);
  }
  return turns;
}
