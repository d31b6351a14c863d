import { describe, expect, it } from '@jest/globals';
import { ApiProblem, toProblem } from './api-problem.ts';

describe('a problem of the API', () => {
  it('says what to do when a proxy answers with a page instead of a problem document', async () => {
    const problem = await ApiProblem.read(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(problem.status).toBe(502);
    expect(problem.message).toContain('status 502');
    expect(problem.requestId).toBeNull();
  });

  it('keeps the code, the request id and the messages of the fields', async () => {
    const body = {
      code: 'invalid_input',
      detail: 'Mend the marked fields.',
      requestId: 'r-1',
      errors: [{ path: 'body.password', message: 'Use 12 characters or more.' }],
    };
    const problem = await ApiProblem.read(Response.json(body, { status: 422 }));
    expect(problem).toMatchObject({
      code: 'invalid_input',
      requestId: 'r-1',
      message: body.detail,
    });
    expect(problem.fields).toEqual({ password: 'Use 12 characters or more.' });
  });

  it('calls a failed fetch unreachable, and a fault of the page by its own name', () => {
    expect(toProblem(new TypeError('Failed to fetch')).code).toBe('unreachable');
    expect(toProblem(new RangeError('no')).code).toBe('page_error');
  });
});
