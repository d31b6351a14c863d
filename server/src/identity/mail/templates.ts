import type { Template } from './repo.ts';

export type Facts = {
  /** Whom it is for. */
  readonly name: string;
  /** The address people open. */
  readonly origin: string;
  /** The tenant that it is about; null for the platform. */
  readonly tenant: string | null;
  readonly inviter: string | null;
  readonly link: { readonly url: string; readonly hours: number } | null;
};

type Words = {
  readonly subject: (facts: Facts) => string;
  readonly lines: (facts: Facts) => readonly string[];
  /** What the button says that opens the link. */
  readonly action?: string;
};

const place = ({ tenant }: Facts): string =>
  tenant === null ? 'the platform' : `the tenant “${tenant}”`;
const NOT_YOU =
  'If it was not you, tell an administrator now and set a new password with “Forgot your password?” on the sign-in page.';

/** What each mail says, in plain words. Nothing in it is a secret but the link of its own reader. */
export const WORDS: Readonly<Record<Template, Words>> = {
  invitation: {
    subject: (facts) => `You are invited to ${facts.tenant ?? 'run Casemate'}`,
    lines: (facts) => [
      `${facts.inviter ?? 'An administrator'} invites you to ${place(facts)} in Casemate, the AI workspace that runs in your own house.`,
      `The link works once and for ${days(facts)}. Nobody else needs it: do not pass it on.`,
    ],
    action: 'Accept the invitation',
  },
  reset: {
    subject: () => 'Set a new password',
    lines: (facts) => [
      'Somebody asked for a new password of your account. The link works once and for ' +
        `${String(facts.link?.hours ?? 1)} hour; setting a password signs you out everywhere.`,
      'If it was not you, do nothing: your password stays as it is.',
    ],
    action: 'Set a new password',
  },
  email_verify: {
    subject: () => 'Confirm your new address',
    lines: (facts) => [
      'This shall become the address of your account. Open the link in the browser in which you are signed in.',
      `It works once and for ${days(facts)}.`,
    ],
    action: 'Confirm this address',
  },
  email_changing: {
    subject: () => 'Another address was entered for your account',
    lines: () => [
      'Your account shall get another e-mail address. It changes when the new one is confirmed.',
      NOT_YOU,
    ],
  },
  email_changed: {
    subject: () => 'The address of your account has changed',
    lines: () => [
      'Your account has another e-mail address now; this one is not used any more.',
      NOT_YOU,
    ],
  },
  password_changed: {
    subject: () => 'Your password was changed',
    lines: () => [
      'The password of your account was changed, and other devices were signed out.',
      NOT_YOU,
    ],
  },
  locked: {
    subject: () => 'Sign-in to your account is locked for a while',
    lines: () => [
      'Somebody entered wrong passwords for your account several times, so sign-in from there waits for a while. A browser in which you signed in before is not locked.',
      NOT_YOU,
    ],
  },
  role_changed: {
    subject: (facts) => `Your role in ${facts.tenant ?? 'Casemate'} has changed`,
    lines: (facts) => [`An administrator gave you another role in ${place(facts)}.`],
  },
  removed: {
    subject: (facts) => `You are no longer in ${facts.tenant ?? 'Casemate'}`,
    lines: (facts) => [`An administrator took you out of ${place(facts)}.`],
  },
  deactivated: {
    subject: () => 'Your account was deactivated',
    lines: () => ['An administrator deactivated your account. You are signed out everywhere.'],
  },
  reactivated: {
    subject: () => 'Your account can be used again',
    lines: () => ['An administrator activated your account again. Sign in as before.'],
  },
  break_glass: {
    subject: (facts) => `The emergency account of ${facts.tenant ?? 'Casemate'} has signed in`,
    lines: (facts) => [
      `In ${place(facts)} people sign in at your directory. The one account that keeps a password for an emergency has just signed in with it.`,
      'If nobody of you did that, deactivate the account now; the audit log says when and from where.',
    ],
  },
};

function days({ link }: Facts): string {
  const hours = link?.hours ?? 24;
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`;
}
