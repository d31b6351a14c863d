import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BreakerOpen, createBreaker, type Attempt, type Breaker, type Verdict } from './breaker.ts';

const OPEN_MS = 30_000;

function setUp(): { breaker: Breaker; states: string[]; pass(ms: number): void } {
  let time = 0;
  const states: string[] = [];
  const breaker = createBreaker({
    message: 'The part does not answer',
    openMs: OPEN_MS,
    now: () => time,
    changed: (state) => states.push(state),
  });
  return { breaker, states, pass: (ms) => (time += ms) };
}

const settle = (breaker: Breaker, ...verdicts: Verdict[]): void =>
  verdicts.forEach((verdict) => breaker.begin().settle(verdict));

const FIVE: Verdict[] = ['failure', 'failure', 'failure', 'failure', 'failure'];

describe('the breaker', () => {
  it('RES-01: five failures in a row open it for 30 seconds, with the time to come back', () => {
    const { breaker, pass } = setUp();
    settle(breaker, ...FIVE);
    pass(12_000);
    expect(() => breaker.begin()).toThrow(BreakerOpen);
    expect(() => breaker.begin()).toThrow(
      expect.objectContaining({ code: 'unavailable', status: 503, retryAfterSeconds: 18 }),
    );
    pass(18_000);
    expect(() => breaker.begin()).not.toThrow();
  });

  it('RES-01: an answer in between begins the count anew, and what says nothing does not count', () => {
    const { breaker } = setUp();
    settle(breaker, 'failure', 'failure', 'failure', 'failure', 'answer');
    settle(breaker, 'failure', 'nothing', 'failure', 'nothing', 'failure', 'nothing', 'failure');
    expect(breaker.view()).toEqual({
      state: 'closed',
      failures: 4,
      retryAfterSeconds: null,
      openForSeconds: null,
    });
    settle(breaker, 'failure');
    expect(breaker.view().state).toBe('open');
  });

  it('RES-01: exactly one call probes; the others wait outside', () => {
    const { breaker, pass } = setUp();
    settle(breaker, ...FIVE);
    pass(OPEN_MS);
    const probe = breaker.begin();
    for (let other = 0; other < 10; other += 1) expect(() => breaker.begin()).toThrow(BreakerOpen);
    probe.settle('answer');
    expect(breaker.view().state).toBe('closed');
    expect(() => breaker.begin()).not.toThrow();
  });

  it('RES-01: a probe that fails opens it for the whole time again', () => {
    const { breaker, pass, states } = setUp();
    settle(breaker, ...FIVE);
    pass(OPEN_MS);
    settle(breaker, 'failure');
    pass(OPEN_MS - 1);
    expect(() => breaker.begin()).toThrow(BreakerOpen);
    pass(1);
    settle(breaker, 'answer');
    expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('RES-01: says since when it has let nothing through, however often it was probed', () => {
    const { breaker, pass } = setUp();
    settle(breaker, ...FIVE);
    pass(OPEN_MS);
    settle(breaker, 'failure');
    pass(OPEN_MS);
    expect(breaker.view()).toMatchObject({ state: 'half_open', openForSeconds: 60 });
    settle(breaker, 'answer');
    expect(breaker.view().openForSeconds).toBeNull();
    settle(breaker, ...FIVE);
    expect(breaker.view().openForSeconds).toBe(0);
  });

  it('RES-01: a probe whose caller went away leaves its place to the next', () => {
    const { breaker, pass } = setUp();
    settle(breaker, ...FIVE);
    pass(OPEN_MS);
    breaker.begin().settle('nothing');
    const next = breaker.begin();
    expect(() => breaker.begin()).toThrow(BreakerOpen);
    next.settle('answer');
    expect(breaker.view().state).toBe('closed');
  });

  it('RES-01: what comes back late from before it opened neither closes nor opens it', () => {
    const { breaker, pass } = setUp();
    const slow = Array.from({ length: 6 }, () => breaker.begin());
    settle(breaker, ...FIVE);
    slow.pop()?.settle('answer');
    expect(() => breaker.begin()).toThrow(BreakerOpen);
    pass(OPEN_MS);
    settle(breaker, 'answer');
    slow.forEach((late) => late.settle('failure'));
    expect(breaker.view()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('RES-01: whatever happens, it refuses exactly while it is open, and lets one probe', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(20),
        verdict: fc.constantFrom<Verdict[]>(...FIVE, ...FIVE, 'answer', 'nothing'),
      }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(40_000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { breaker, pass } = setUp();
        const running: { attempt: Attempt; probe: boolean }[] = [];
        for (const one of steps) {
          const before = breaker.view();
          if (one.kind === 'pass') pass(one.ms);
          else if (one.kind === 'settle') {
            const [chosen] = running.splice(one.which % Math.max(1, running.length), 1);
            chosen?.attempt.settle(one.verdict);
            if (before.state === 'closed' && one.verdict !== 'failure')
              expect(breaker.view().state).toBe('closed');
          } else {
            const probing = running.some(({ probe }) => probe);
            const passes = before.state === 'closed' || (before.state === 'half_open' && !probing);
            let attempt: Attempt | undefined;
            try {
              attempt = breaker.begin();
            } catch (error) {
              expect(error).toBeInstanceOf(BreakerOpen);
            }
            expect(attempt !== undefined).toBe(passes);
            if (attempt) running.push({ attempt, probe: before.state === 'half_open' });
          }
          expect(breaker.view().failures).toBeLessThanOrEqual(5);
        }
      }),
    );
  });
});
