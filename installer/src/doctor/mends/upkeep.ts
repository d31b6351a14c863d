import { findOrigin } from '../../certificates/ensure-server-certificate.ts';
import { auditLimits, listGrown } from '../../supervisor/rotate-audit-logs.ts';
import type { Mend } from './mend.ts';

/** Starts what is stopped; what runs and does not answer is for a person who has read its log. */
export const mendComponents: Mend = {
  isFor: (check) => check.startsWith('component-') || check === 'components',
  plan: async ({ listComponents }) => {
    const stopped = (await listComponents())
      .filter(({ state }) => state === 'stopped')
      .map(({ id }) => id);
    if (stopped.length === 0) return [];
    return [{ what: `start ${stopped.join(', ')}`, act: (hands) => hands.start(stopped) }];
  },
};

/** One of our own that is missing, ended, near its end, or for another name. Never the customer's. */
export const mendCertificate: Mend = {
  isFor: (check) => check === 'certificate',
  plan: async ({ paths, settings }) => {
    if ((await findOrigin(paths.tlsDir)) === 'customer') return [];
    return [
      {
        what: `renew our own certificate for ${settings.hostName}`,
        act: (hands) => hands.renewCertificate(),
      },
    ];
  },
};

export const mendAuditLogs: Mend = {
  isFor: (check) => check === 'log-size' || check === 'log-space',
  plan: ({ paths }) => {
    const grown = listGrown(paths.vaultAuditDir, auditLimits.bytes);
    if (grown.length === 0) return Promise.resolve([]);
    return Promise.resolve([
      { what: `move ${grown.join(' and ')} aside`, act: (hands) => hands.rotateAuditLogs() },
    ]);
  },
};

/** Rules that are gone or were changed. A way out that the operator opened stays open. */
export const mendWayOut: Mend = {
  isFor: (check) => check === 'way-out',
  plan: ({ layout, settings }) =>
    Promise.resolve(
      !layout.asRoot || settings.egress?.open
        ? []
        : [
            {
              what: 'put the rules of nftables that close the way out into the kernel',
              act: async (hands) => {
                const why = await hands.closeWayOut();
                if (why !== null) throw new Error(why);
              },
            },
          ],
    ),
};
