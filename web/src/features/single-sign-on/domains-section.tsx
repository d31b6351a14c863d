import { Button, Group, TextInput, Title } from '@mantine/core';
import { IconAt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import { CopyRecord } from './copy-record.tsx';
import type { Owner } from './sso-api.ts';
import { changeDomain, claimDomain } from './sso-api.ts';
import classes from './sso.module.css';
import { domainsQuery, useSsoChange } from './use-sso.ts';

/** The e-mail domains by whose addresses people come in: each is shown to be one's own. */
export function DomainsSection({ owner }: { owner: Owner }) {
  const domains = useQuery(domainsQuery(owner));
  const claim = useSsoChange(owner, claimDomain);
  const change = useSsoChange(owner, changeDomain);
  const [domain, setDomain] = useState('');
  const list = domains.data?.domains ?? [];
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    claim.mutate(domain.trim(), { onSuccess: () => setDomain('') });
  };
  return (
    <section aria-label="E-mail domains">
      <Title order={2} className={classes.heading ?? ''}>
        E-mail domains
      </Title>
      <form onSubmit={submit} className={classes.line}>
        <TextInput
          className={classes.grow ?? ''}
          label="Domain"
          placeholder="example.com"
          required
          autoComplete="off"
          value={domain}
          onChange={(event) => setDomain(event.currentTarget.value)}
        />
        <Button type="submit" loading={claim.isPending}>
          Add
        </Button>
      </form>
      {claim.error && <ProblemPanel title="The domain was not added" error={claim.error} />}
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      {domains.isPending && <RowsSkeleton label="The domains are loading" count={1} />}
      {domains.error && (
        <ProblemPanel
          title="The domains could not be listed"
          error={domains.error}
          onRetry={() => void domains.refetch()}
        />
      )}
      {domains.data && list.length === 0 && (
        <EmptyState
          icon={<IconAt size={26} />}
          title="No domain yet"
          text="Only people with an address of a domain that you have shown to be yours come in by a directory."
        />
      )}
      {list.length > 0 && (
        <ul className={rows.rows} aria-label="Domains">
          {list.map(({ id, domain: name, record, proven, provenBy }) => (
            <li key={id} className={rows.row}>
              <span className={rows.title}>{name}</span>
              <StateBadge tone={proven ? 'good' : 'busy'}>
                {proven ? 'Yours' : 'Not shown yet'}
              </StateBadge>
              {proven ? (
                <span className={`${rows.note} ${rows.full}`}>
                  {provenBy === 'dns'
                    ? 'Shown by the DNS'
                    : 'Confirmed by whoever runs the platform'}
                </span>
              ) : (
                <div className={`${rows.note} ${rows.full}`}>
                  Put this TXT record into the DNS, then check. Where there is no DNS, whoever runs
                  the platform confirms the domain.
                  <CopyRecord value={record.name} label={`Copy the name for ${name}`} />
                  <CopyRecord value={record.text} label={`Copy the text for ${name}`} />
                </div>
              )}
              <Group gap="xs" mt="xs" className={rows.full ?? ''}>
                {!proven && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Check the DNS for ${name}`}
                    loading={change.isPending && change.variables.id === id}
                    onClick={() =>
                      change.mutate(
                        { id, verb: 'check' },
                        { onSuccess: () => announce(`${name} is yours`) },
                      )
                    }
                  >
                    Check
                  </Button>
                )}
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Release ${name}`}
                  onClick={() => change.mutate({ id, verb: 'release' })}
                >
                  Release
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
