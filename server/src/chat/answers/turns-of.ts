import type { FieldEncryptor } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import type { Turn } from '../prompt/build-prompt.ts';
import type { MessageRow } from '../repo/messages.ts';

const TURNS = 2;

/** The last questions with the latest whole answer to each, oldest first. */
export function turnsOf(messages: readonly MessageRow[], fields: FieldEncryptor): Turn[] {
  const turns: { question: MessageRow; answer?: MessageRow }[] = [];
  for (const message of messages) {
    if (message.role === 'user') turns.push({ question: message });
    else if (message.state === 'complete') {
      const turn = turns.at(-1);
      if (turn) turn.answer = message;
    }
  }
  return turns
    .slice(-TURNS)
    .flatMap(({ question, answer }) =>
      answer ? [{ question: textOf(question, fields), answer: textOf(answer, fields) }] : [],
    );
}

export function textOf({ id, content }: MessageRow, fields: FieldEncryptor): string {
  return content === null ? '' : fields.decrypt(places.content(id), content);
}
