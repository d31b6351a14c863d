/** What the dialog reads: whether somebody waits for a factor. */
export interface StepUp {
  /** Resolves true once a factor was shown, false when the person would not. One question at a time. */
  ask: () => Promise<boolean>;
  /** The dialog's answer. */
  settle: (shown: boolean) => void;
  isAsked: () => boolean;
  subscribe: (listener: () => void) => () => void;
}

/** Several calls that need a fresh factor at the same time ask for it once. */
export function createStepUp(): StepUp {
  let asked: { answer: Promise<boolean>; settle: (shown: boolean) => void } | null = null;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    ask: () => {
      if (asked) return asked.answer;
      let settle: (shown: boolean) => void = () => undefined;
      const answer = new Promise<boolean>((resolve) => {
        settle = resolve;
      });
      asked = { answer, settle };
      tell();
      return answer;
    },
    settle: (shown) => {
      asked?.settle(shown);
      asked = null;
      tell();
    },
    isAsked: () => asked !== null,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
