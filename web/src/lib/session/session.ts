import { createAuthorisedFetch } from './create-authorised-fetch.ts';
import { createStepUp } from './create-step-up.ts';
import { stepUpFetch } from './step-up-fetch.ts';
import { createSessionKeeper } from './session-keeper.ts';

const hintKey = 'casemate.account';

/** The one session of this tab. */
export const keeper = createSessionKeeper({
  requestRefresh: () =>
    fetch('/api/session/refresh', { method: 'POST', credentials: 'same-origin' }),
  exclusively: async (run) => await navigator.locks.request('casemate.refresh', run),
  hint: {
    read: () => localStorage.getItem(hintKey),
    write: (accountId) =>
      accountId === null
        ? localStorage.removeItem(hintKey)
        : localStorage.setItem(hintKey, accountId),
  },
});

/** Asks for a second factor once more where a call needs a fresh one; its dialog stands in the shell. */
export const stepUp = createStepUp();

export const authorisedFetch = stepUpFetch(
  stepUp,
  createAuthorisedFetch(keeper, (request) => fetch(request)),
);

/** Follows what other tabs do: sign-out ends this tab's session, another account reloads it. */
export function followOtherTabs(): void {
  window.addEventListener('storage', (event) => {
    if (event.key !== hintKey) return;
    const state = keeper.state();
    if (event.newValue === null) {
      if (state.status === 'signed-in') keeper.forget({ expired: false });
    } else if (state.status !== 'signed-in') {
      void keeper.start();
    } else if (state.session.account.id !== event.newValue) {
      window.location.assign('/');
    }
  });
}
