import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Secret } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { RotateSecretDialog } from './rotate-secret-dialog.tsx';
import { SecretRows } from './secret-rows.tsx';
import { secretsQuery } from './secrets-query.ts';

/** The age of every secret and its next date, for platform administrators; never a secret itself. */
export function SecretsPage() {
  const secrets = useQuery(secretsQuery());
  const [rotating, setRotating] = useState<Secret | null>(null);
  const listed = secrets.data?.secrets;
  return (
    <Page title="Secrets" lead={listed && leadOf(listed)}>
      {secrets.isPending && <RowsSkeleton label="The secrets are loading" count={6} />}
      {secrets.error && (
        <ProblemPanel
          title="The ages of the secrets could not be read"
          error={secrets.error}
          onRetry={() => void secrets.refetch()}
        />
      )}
      {listed?.length === 0 && (
        <EmptyState
          icon={<IconKey size={26} />}
          title="No secret is listed"
          text="An installed appliance always has some. Ask for help before you go on."
        />
      )}
      {listed && listed.length > 0 && <SecretRows secrets={listed} onRotate={setRotating} />}
      {rotating && (
        <RotateSecretDialog
          key={rotating.name}
          secret={rotating}
          onClose={() => setRotating(null)}
        />
      )}
    </Page>
  );
}

function leadOf(secrets: readonly Secret[]): string {
  const late = secrets.filter(({ state }) => state !== 'current').length;
  if (late === 0)
    return 'Every secret is younger than its plan allows. You see ages here, never a secret.';
  return `${plural(late, { one: '# secret needs', other: '# secrets need' })} you; the others are as they should be.`;
}
