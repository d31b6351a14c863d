import { Button, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { formatTime } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import classes from './sso.module.css';
import { useSsoChange } from './use-sso.ts';

/** What is confirmed is what was seen: of that tenant. */
interface Claim {
  id: string;
  tenantId: string;
  domain: string;
}

/** Domains of tenants that wait for the word of whoever runs the platform. */
export function ClaimsSection() {
  const claims = useQuery({
    queryKey: ['domain-claims'],
    queryFn: () => unwrap(api.GET('/api/platform/email-domain-claims')),
  });
  const confirm = useSsoChange(null, async (_owner, { id, ...body }: Claim) => {
    const params = { path: { domainId: id } };
    const path = '/api/platform/email-domain-claims/{domainId}/confirm';
    await unwrap(api.POST(path, { params, body }));
  });
  const list = claims.data?.claims ?? [];
  return (
    <section aria-label="Domains that tenants claim">
      <Title order={2} className={classes.heading ?? ''}>
        Domains that tenants claim
      </Title>
      {claims.error && <ProblemPanel title="The claims could not be listed" error={claims.error} />}
      {confirm.error && <ProblemPanel title="It was not confirmed" error={confirm.error} />}
      {claims.data && list.length === 0 && <p>Nobody waits for your word.</p>}
      {list.length > 0 && (
        <ul className={rows.rows} aria-label="Claims">
          {list.map(({ id, domain, tenantId, tenant, createdAt }) => (
            <li key={id} className={rows.row}>
              <span className={rows.title}>{domain}</span>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Confirm that ${domain} is of ${tenant}`}
                loading={confirm.isPending && confirm.variables.id === id}
                onClick={() =>
                  confirm.mutate(
                    { id, tenantId, domain },
                    { onSuccess: () => announce(`${domain} is confirmed`) },
                  )
                }
              >
                Confirm
              </Button>
              <span className={`${rows.note} ${rows.full}`}>
                {tenant} says since {formatTime(createdAt)} that it is theirs. Confirm only what you
                know: it decides who comes in.
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
