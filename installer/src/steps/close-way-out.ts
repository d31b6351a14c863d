import { isKept, keepClosed } from '../egress/keep-closed.ts';
import type { Step } from './step.ts';

/** Before anything starts. The kernel is asked: a note that rules were made says nothing of today. */
export const closeWayOut: Step = {
  id: 'close-way-out',
  title: 'Close the way out',
  isDone: ({ layout, settings }) => isKept(layout, settings),
  apply: async ({ layout, settings }) => {
    const open = await keepClosed(layout, settings);
    return open === null ? undefined : `open: ${open}; see docs/egress.md`;
  },
};
