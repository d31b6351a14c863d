import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { formatTime } from '../../lib/format.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { openVisitsQuery } from './visits-queries.ts';
import classes from './visits.module.css';

interface VisitBannerProps {
  tenantId: string;
  /** Of whoever visits; null for the people of the tenant. */
  endsAt: string | null;
}

/** Says to both sides that somebody of the platform may look at this tenant now. */
export function VisitBanner({ tenantId, endsAt }: VisitBannerProps) {
  const open = useQuery(openVisitsQuery(tenantId));
  // The visit is over, or somebody was taken out: the tenant closes here too.
  const over = open.error !== null && [403, 404].includes(toProblem(open.error).status);
  useEffect(() => {
    if (over) void reloadMemberships();
  }, [over]);
  const others = (open.data?.visits ?? []).filter(({ own }) => !own);
  if (endsAt === null && others.length === 0) return null;
  return (
    <p className={classes.banner} role="status">
      {endsAt !== null &&
        `You visit this tenant until ${formatTime(endsAt)}. You can look and change nothing, and its administrators see everything that you look at.`}
      {endsAt === null &&
        others
          .map(
            ({ visitor, expiresAt }) =>
              `${visitor}, who runs the platform, may look at this tenant until ${formatTime(expiresAt)}.`,
          )
          .join(' ')}
    </p>
  );
}
