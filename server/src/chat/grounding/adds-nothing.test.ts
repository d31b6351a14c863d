import { describe, expect, it } from '@jest/globals';
import { addsNothing } from './adds-nothing.ts';

const question = 'What is the access code of the depot?';

describe('addsNothing', () => {
  it.each(['The access code of the depot is [1].', 'What is the access code of the depot?', ''])(
    'sees through %p',
    (answer) => {
      expect(addsNothing(question, answer)).toBe(true);
    },
  );
  it.each(['It is RK-7741-QX [1].', 'The depot has no access code.', '42'])(
    'lets %p pass',
    (answer) => {
      expect(addsNothing(question, answer)).toBe(false);
    },
  );
});
