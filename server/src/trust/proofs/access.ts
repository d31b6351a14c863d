import type { ControlProof } from './control-proof.ts';

/** Sessions, passwords, roles. */
export const accessProofs: readonly ControlProof[] = [
  {
    control: 'RBA-03',
    tests: [
      {
        file: 'server/src/app/requests.http.test.ts',
        titles: [
          'RBA-03: without a session, or with too low a role, nothing of the platform opens',
        ],
      },
    ],
    partly: 'approval gates come with the agents.',
  },
];
