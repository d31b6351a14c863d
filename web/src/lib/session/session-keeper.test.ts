import { describe, expect, it, jest } from '@jest/globals';
import type { Session } from '../api/types.ts';
import { createAuthorisedFetch } from './create-authorised-fetch.ts';
import { createSessionKeeper } from './session-keeper.ts';

const sessionWith = (accessToken: string): Session => ({
  accessToken,
  expiresAt: '2030-01-01T00:00:00Z',
  account: { id: 'a-1', email: 'admin@example.test', name: 'First', platformRole: null },
  tenants: [],
  secondFactor: { due: false, required: false, enrolled: false },
});

function setUp(answers: (() => Response)[], hinted: string | null = 'a-1') {
  let hint = hinted;
  let running = 0;
  let mostAtOnce = 0;
  const requestRefresh = jest.fn(async () => {
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer();
  });
  const keeper = createSessionKeeper({
    requestRefresh,
    exclusively: (run) => run(),
    hint: { read: () => hint, write: (value) => (hint = value) },
  });
  return { keeper, requestRefresh, readHint: () => hint, mostAtOnce: () => mostAtOnce };
}
const ok = (token: string) => () => Response.json(sessionWith(token));
const refused = () => new Response(null, { status: 401 });
const url = 'https://casemate.test/api/me';

describe('the session of a tab', () => {
  it('is over, and forgotten, when the refresh is refused', async () => {
    const { keeper, readHint } = setUp([refused]);
    await keeper.start();
    expect(keeper.state()).toEqual({ status: 'signed-out', expired: true });
    expect(readHint()).toBeNull();
  });

  it('asks for no refresh when nobody has signed in on this browser', async () => {
    const { keeper, requestRefresh } = setUp([ok('t-1')], null);
    await keeper.start();
    expect(keeper.state()).toEqual({ status: 'signed-out', expired: false });
    expect(requestRefresh).not.toHaveBeenCalled();
  });

  it('is not over when the server cannot be reached', async () => {
    const { keeper, readHint } = setUp([]);
    await keeper.start();
    expect(keeper.state()).toMatchObject({
      status: 'unreachable',
      problem: { code: 'unreachable' },
    });
    expect(readHint()).toBe('a-1');
  });

  it('refreshes once for many calls that meet an expired token, then sends each again', async () => {
    const { keeper, requestRefresh, mostAtOnce } = setUp([ok('t-2')]);
    keeper.accept(sessionWith('t-1'));
    const seen: (string | null)[] = [];
    const call = createAuthorisedFetch(keeper, async (input) => {
      const sent = (input as Request).headers.get('authorization');
      seen.push(sent);
      return new Response(null, { status: sent === 'Bearer t-2' ? 200 : 401 });
    });
    const responses = await Promise.all([1, 2, 3].map(() => call(new Request(url))));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(requestRefresh).toHaveBeenCalledTimes(1);
    expect(mostAtOnce()).toBe(1);
    expect(seen.filter((sent) => sent === 'Bearer t-2')).toHaveLength(3);
  });

  it('tries a call only once more, and hands back the second refusal', async () => {
    const { keeper, requestRefresh } = setUp([ok('t-2')]);
    keeper.accept(sessionWith('t-1'));
    const send = jest.fn(async () => new Response(null, { status: 401 }));
    const response = await createAuthorisedFetch(keeper, send)(new Request(url));
    expect(response.status).toBe(401);
    expect(send).toHaveBeenCalledTimes(2);
    expect(requestRefresh).toHaveBeenCalledTimes(1);
  });

  it('sends the body again with the second try', async () => {
    const { keeper } = setUp([ok('t-2')]);
    keeper.accept(sessionWith('t-1'));
    const bodies: string[] = [];
    const call = createAuthorisedFetch(keeper, async (input) => {
      bodies.push(await (input as Request).text());
      return new Response(null, { status: bodies.length === 1 ? 401 : 200 });
    });
    await call(new Request(url, { method: 'POST', body: '{"name":"North"}' }));
    expect(bodies).toEqual(['{"name":"North"}', '{"name":"North"}']);
  });
});
