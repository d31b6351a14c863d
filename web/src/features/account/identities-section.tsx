import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { formatTime } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { AccountSection } from './account-section.tsx';
import { ConnectByPassword } from './connect-by-password.tsx';

/** The directories by which one's own account can sign in. Nothing where there is none. */
export function IdentitiesSection() {
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<{ id: string; name: string } | null>(null);
  const own = useQuery({
    queryKey: ['identities'],
    queryFn: () => unwrap(api.GET('/api/me/identities')),
  });
  const link = useMutation({
    mutationFn: (connection: string) =>
      unwrap(api.POST('/api/me/identities', { body: { connection } })),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const unlink = useMutation({
    mutationFn: (identity: string) =>
      unwrap(api.DELETE('/api/me/identities/{identity}', { params: { path: { identity } } })),
    onSuccess: () => {
      announce('It is not connected any more');
      return queryClient.invalidateQueries({ queryKey: ['identities'] });
    },
  });
  const { identities = [], ways = [] } = own.data ?? {};
  const open = ways.filter(({ id }) => !identities.some(({ connection }) => connection === id));
  if (own.isPending || (!own.error && identities.length + open.length === 0)) return null;
  return (
    <AccountSection title="Single sign-on">
      {own.error && <ProblemPanel title="Your connections could not be listed" error={own.error} />}
      {link.error && <ProblemPanel title="It was not connected" error={link.error} />}
      {unlink.error && <ProblemPanel title="It stays connected" error={unlink.error} />}
      {identities.length > 0 && (
        <ul className={rows.rows} aria-label="Connected directories">
          {identities.map(({ connection, name, lastUsedAt }) => (
            <li key={connection} className={rows.row}>
              <span className={rows.title}>{name}</span>
              <Button
                size="xs"
                variant="default"
                aria-label={`Disconnect ${name}`}
                loading={unlink.isPending && unlink.variables === connection}
                onClick={() => unlink.mutate(connection)}
              >
                Disconnect
              </Button>
              <span className={`${rows.note} ${rows.full}`}>
                {lastUsedAt ? `last used ${formatTime(lastUsedAt)}` : 'never used'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {open.map(({ id, name, asks }) => (
        <div key={id}>
          <Button
            variant="default"
            loading={link.isPending && link.variables === id}
            onClick={() => (asks === 'password' ? setAsking({ id, name }) : link.mutate(id))}
          >
            Connect {name}
          </Button>
        </div>
      ))}
      {asking && <ConnectByPassword way={asking} onClose={() => setAsking(null)} />}
    </AccountSection>
  );
}
