import { describe, expect, it } from '@jest/globals';
import { createStepUp } from './create-step-up.ts';
import { stepUpFetch } from './step-up-fetch.ts';

const refused = () => Response.json({ code: 'step_up_required' }, { status: 403 });
const request = () =>
  new Request('https://casemate.test/api/x', { method: 'POST', body: '{"kind":"data"}' });

function setUp(answers: (() => Response)[]) {
  const stepUp = createStepUp();
  const bodies: string[] = [];
  const send = stepUpFetch(
    stepUp,
    async (sent) => {
      bodies.push(await sent.text());
      return answers.shift()?.() ?? Response.json({});
    },
    1,
  );
  return { stepUp, send, bodies };
}

describe('a call that needs a fresh factor', () => {
  it('MFA-05: is not sent again when the person would not show one', async () => {
    const { stepUp, send, bodies } = setUp([refused]);
    const answer = send(request());
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(stepUp.isAsked()).toBe(true);
    stepUp.settle(false);
    expect((await answer).status).toBe(403);
    expect(bodies).toHaveLength(1);
  });

  it('MFA-05: is not held up by another refusal', async () => {
    const { stepUp, send } = setUp([() => Response.json({ code: 'forbidden' }, { status: 403 })]);
    expect((await send(request())).status).toBe(403);
    expect(stepUp.isAsked()).toBe(false);
  });

  it('MFA-05: is sent again with its body once one was shown, and asked once for many', async () => {
    const { stepUp, send, bodies } = setUp([refused, refused]);
    const answers = [send(request()), send(request())];
    await new Promise((resolve) => setTimeout(resolve, 5));
    stepUp.settle(true);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(bodies)).toEqual(new Set(['{"kind":"data"}']));
    expect(stepUp.isAsked()).toBe(false);
  });

  it('MFA-05: is sent once more when another process had not heard of it yet', async () => {
    const { stepUp, send, bodies } = setUp([refused, refused]);
    const answer = send(request());
    await new Promise((resolve) => setTimeout(resolve, 5));
    stepUp.settle(true);
    expect((await answer).status).toBe(200);
    expect(bodies).toHaveLength(3);
  });
});
