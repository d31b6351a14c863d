import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createShedding } from './shed-load.ts';

describe('shedding load', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const make = (delays: number[] = [], waiting = (): number => 0) =>
    createShedding({
      mostInFlight: 2,
      mostDelayMs: 500,
      mostWaiting: 10,
      waiting,
      readDelayMs: () => delays.shift() ?? 0,
    });

  it('RES-01: more than may be in flight is refused with 503 and a time to come back', () => {
    const shedding = make();
    const leave = shedding.enter();
    shedding.enter();
    expect(() => shedding.enter()).toThrow(expect.objectContaining({ status: 503 }));
    leave();
    leave();
    expect(() => shedding.enter()).not.toThrow();
    expect(shedding.view()).toMatchObject({ inFlight: 2, shed: 1 });
  });

  it('RES-01: so is what comes while the process is late, until it has caught up', () => {
    const shedding = make([800, 3]);
    jest.advanceTimersByTime(1_000);
    shedding.enter();
    expect(() => shedding.enter()).toThrow(expect.objectContaining({ code: 'unavailable' }));
    jest.advanceTimersByTime(1_000);
    expect(() => shedding.enter()).not.toThrow();
  });

  it('RES-01: and while too many wait for a connection', () => {
    let waiting = 10;
    const shedding = make([], () => waiting);
    expect(() => shedding.enter()).toThrow();
    waiting = 9;
    expect(() => shedding.enter()).not.toThrow();
  });
});
