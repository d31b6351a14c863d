import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { formatTime } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import { AccountSection } from './account-section.tsx';
import { nameDevice } from './name-device.ts';

/** Where one is signed in, and the way out of each. */
export function DevicesSection() {
  const queryClient = useQueryClient();
  const devices = useQuery({
    queryKey: ['devices'],
    queryFn: () => unwrap(api.GET('/api/me/sessions')),
  });
  const end = useMutation({
    mutationFn: async (sessionId: string | null): Promise<void> => {
      if (sessionId === null) await unwrap(api.DELETE('/api/me/sessions'));
      else
        await unwrap(
          api.DELETE('/api/me/sessions/{sessionId}', { params: { path: { sessionId } } }),
        );
    },
    onSuccess: (_none, sessionId) => {
      announce(sessionId === null ? 'All other devices are signed out' : 'It is signed out');
      return queryClient.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const list = devices.data?.devices ?? [];
  return (
    <AccountSection title="Devices">
      <p>
        Where you are signed in. One that you do not know: sign it out, and change your password.
      </p>
      {devices.isPending && <RowsSkeleton label="The devices are loading" count={2} />}
      {devices.error && (
        <ProblemPanel
          title="The devices could not be listed"
          error={devices.error}
          onRetry={() => void devices.refetch()}
        />
      )}
      {end.error && <ProblemPanel title="It was not signed out" error={end.error} />}
      {list.length > 0 && (
        <ul className={rows.rows} aria-label="Devices">
          {list.map(({ id, userAgent, client, current, createdAt, lastUsedAt, endsAt }) => (
            <li key={id} className={rows.row}>
              <span className={rows.title}>{nameDevice(userAgent, client)}</span>
              {current ? (
                <StateBadge tone="good">This one</StateBadge>
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  loading={end.isPending && end.variables === id}
                  aria-label={`Sign out ${nameDevice(userAgent, client)}, last used ${formatTime(lastUsedAt)}`}
                  onClick={() => end.mutate(id)}
                >
                  Sign out
                </Button>
              )}
              <span className={`${rows.note} ${rows.full}`}>
                last used {formatTime(lastUsedAt)} · signed in {formatTime(createdAt)} · ends by
                itself {formatTime(endsAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {list.length > 1 && (
        <div>
          <Button
            variant="default"
            loading={end.isPending && end.variables === null}
            onClick={() => end.mutate(null)}
          >
            Sign out all other devices
          </Button>
        </div>
      )}
    </AccountSection>
  );
}
