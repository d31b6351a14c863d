export type CheckStatus = 'ok' | 'warn' | 'fail';

/** What one check found, in words for the person who installs. */
export type CheckResult = {
  id: string;
  status: CheckStatus;
  found: string;
  /** What the appliance needs or recommends. */
  needed: string;
  /** The next step, concrete; null when there is nothing to mend. */
  mend: string | null;
};

type Words = { found: string; needed: string };

export const ok = (id: string, words: Words): CheckResult => ({
  id,
  status: 'ok',
  ...words,
  mend: null,
});

export const warn = (id: string, words: Words & { mend: string }): CheckResult => ({
  id,
  status: 'warn',
  ...words,
});

export const fail = (id: string, words: Words & { mend: string }): CheckResult => ({
  id,
  status: 'fail',
  ...words,
});
