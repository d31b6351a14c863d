import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { createLog } from '../log.ts';
import { sendProblem } from './send-problem.ts';

const log = createLog({ level: 'error', fields: {}, silent: true });

function problemOf(error: unknown): { status: number; code: string; detail: string } {
  let sent = '';
  const response = {
    setHeader: () => undefined,
    status: () => response,
    type: () => response,
    send: (text: string) => (sent = text),
  };
  sendProblem(response as unknown as Response, error, { requestId: 'r', log });
  return JSON.parse(sent) as ReturnType<typeof problemOf>;
}

describe('sendProblem', () => {
  it.each(['22021', '22P02', '22P05'])(
    'text that the database cannot take (%s) is invalid input and no fault of the server',
    (code) => {
      const problem = problemOf(Object.assign(new Error('invalid byte sequence: 0x00'), { code }));
      expect(problem).toMatchObject({ status: 400, code: 'invalid_input' });
      expect(problem.detail).not.toContain('0x00');
    },
  );

  it('RES-03: a full connection pool is `unavailable`, with the time to wait', () => {
    const error = new Error('timeout exceeded when trying to connect');
    expect(problemOf(error)).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('RES-03: what nobody foresaw is `internal` and says nothing of itself', () => {
    const problem = problemOf(new Error('select secret from somewhere'));
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(problem.detail).not.toContain('select');
  });
});
